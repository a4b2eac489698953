package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingressClass;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.secret;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.service;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.slice;

import dev.penstock.ingress.source.Absence;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.SourceListener;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Translation;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.VirtualClock;
import dev.penstock.testkit.VirtualExecutor;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A source on a scripted API server, with time in the test's hand. */
final class SourceFixture implements AutoCloseable {
  /** What the product promises once a fault has ended. */
  static final Duration RECOVERY_MAX = Duration.ofSeconds(5);

  final ScriptedApi api = new ScriptedApi();
  final VirtualExecutor time = new VirtualExecutor(new VirtualClock());
  final List<Translation<ClusterView>> views = new ArrayList<>();
  final List<Diagnostic> outages = new ArrayList<>();

  final Machinery machinery;
  final KubernetesSource source;
  private final ApiServer server;

  private SourceFixture(
      KubernetesScope scope,
      boolean servedAlready,
      long costMax,
      Function<String, ApiServer> connect) {
    server = connect.apply(api.address());
    machinery = new Machinery(server, time, time.clock(), new Random(7));
    ObjectBudget budget = new ObjectBudget(costMax, scope::isNeverGivenUp);
    source = new KubernetesSource(scope, machinery, SourceFixture::references, budget);
    if (servedAlready) source.servedAlready();
    time.idleWhen(() -> !server.isAnswerDue());
  }

  private static ApiServer asNobody(String address) {
    Config config = Config.empty();
    config.setMasterUrl(address + "/");
    return ApiServer.of(config, "penstock/test");
  }

  private static Set<ObjectKey> references(ClusterView view) {
    return view.ingresses().values().stream()
        .flatMap(ingress ->
            ingress.tls().stream()
                .map(tls -> new ObjectKey(ingress.key().namespace(), tls.secretName())))
        .collect(Collectors.toSet());
  }

  /** A source that has not begun, and a server without an object. */
  static SourceFixture empty(KubernetesScope scope, boolean servedAlready) {
    return new SourceFixture(scope, servedAlready, Long.MAX_VALUE, SourceFixture::asNobody);
  }

  /**
   * @param costMax bytes of heap that the objects of all namespaces may cost
   */
  static SourceFixture bounded(KubernetesScope scope, long costMax) {
    return new SourceFixture(scope, false, costMax, SourceFixture::asNobody);
  }

  /** A source that follows one object of each kind: class, Ingress, Service, slice, Secret. */
  static SourceFixture following() {
    return following(SourceFixture::asNobody);
  }

  /**
   * @param connect gets the address of the server
   */
  static SourceFixture following(Function<String, ApiServer> connect) {
    SourceFixture fixture =
        new SourceFixture(KubernetesScope.CLUSTER, false, Long.MAX_VALUE, connect);
    fixture.putOneOfEach();
    fixture.start();
    fixture.time.runUntil("the first view", () -> !fixture.views.isEmpty());
    fixture.time.runQuiet();
    return fixture;
  }

  void putOneOfEach() {
    api.put(ingressClass("penstock"));
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.put(service("shop", "web"));
    api.put(slice("shop", "web", "10.0.0.1"));
    api.put(secret("shop", "shop-tls", "kubernetes.io/tls"));
  }

  void start() {
    source.start(
        new SourceListener() {
          @Override
          public void onView(Translation<ClusterView> view) {
            views.add(view);
          }

          @Override
          public void onOutage(Diagnostic why) {
            outages.add(why);
          }
        });
  }

  /** And waits for all that this brings. */
  void startToView() {
    start();
    time.passUntil("the first view", Duration.ofSeconds(5), () -> !views.isEmpty());
    time.runQuiet();
  }

  ClusterView view() {
    return views.getLast().value();
  }

  /** The Secrets that are named and not known for this reason. */
  Set<ObjectKey> absent(Absence why) {
    return view().absent().entrySet().stream()
        .filter(each -> each.getValue() == why)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  Set<String> ingressNames() {
    return view().ingresses().keySet().stream().map(ObjectKey::name).collect(Collectors.toSet());
  }

  List<String> diagnostics() {
    return views.getLast().diagnostics().stream().map(Diagnostic::toString).toList();
  }

  /** What is told without any wait, but for the time between two views. */
  void await(String what, BooleanSupplier condition) {
    time.passUntil(what, Duration.ofSeconds(1), condition);
  }

  /** Lets time pass until the last view is like this; fails when that takes too long. */
  Duration recover(String what, Predicate<ClusterView> isRight) {
    return time.passUntil(what, RECOVERY_MAX, () -> !views.isEmpty() && isRight.test(view()));
  }

  long lists(String plural) {
    return api.asked().stream().filter(target -> target.contains("/" + plural + "?limit")).count();
  }

  long watches(String plural) {
    return api.asked().stream().filter(target -> target.contains("/" + plural + "?watch")).count();
  }

  @Override
  public void close() {
    source.close();
    server.close();
    api.close();
  }
}
