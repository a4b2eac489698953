package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static dev.penstock.ingress.source.kubernetes.ApiObjects.lease;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.PublishedAddress;
import dev.penstock.ingress.source.kubernetes.StatusSettings.Addresses;
import dev.penstock.testkit.ScriptedApi;
import dev.penstock.testkit.SeenRequest;
import dev.penstock.testkit.VirtualClock;
import dev.penstock.testkit.VirtualExecutor;
import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the leader writes, on a scripted API server, with time in the test's hand. */
class StatusWriterTest {
  private static final ObjectKey LEASE = new ObjectKey("penstock", "penstock-leader");
  private static final Duration TTL = Duration.ofSeconds(15);
  private static final String OURS = "198.51.100.7";

  /** What {@link ApiObjects#ingress} has. */
  private static final String OTHERS = "192.0.2.1";

  private static final Duration SOON = Duration.ofSeconds(4);

  private final ScriptedApi api = new ScriptedApi();
  private final VirtualExecutor time = new VirtualExecutor(new VirtualClock());
  private final List<ApiServer> servers = new ArrayList<>();
  private final List<Boolean> leads = new ArrayList<>();

  @BeforeEach
  void aLease() {
    api.put(lease(LEASE.namespace(), LEASE.name()));
  }

  @AfterEach
  void close() {
    servers.forEach(ApiServer::close);
    api.close();
  }

  private Writers writer(String identity, Addresses addresses, boolean clears) {
    return writer(identity, Optional.of(new Election(LEASE, TTL)), addresses, clears);
  }

  private Writers writer(
      String identity, Optional<Election> election, Addresses addresses, boolean clears) {
    Config config = Config.empty();
    config.setMasterUrl(api.address() + "/");
    ApiServer server = ApiServer.of(config, "penstock/test");
    servers.add(server);
    time.idleWhen(() -> servers.stream().noneMatch(ApiServer::isAnswerDue));
    Machinery machinery = new Machinery(server, time, time.clock(), new Random(7));
    Writers writer =
        new Writers(
            new WriterSettings(
                identity, election, Optional.of(new StatusSettings(addresses, clears)), false),
            KubernetesScope.CLUSTER,
            machinery,
            new Writers.Subjects(
                new KubernetesSource(KubernetesScope.CLUSTER, machinery, view -> Set.of()),
                view -> Set.of(new ObjectKey("shop", "shop"), new ObjectKey("shop", "late")),
                List::of),
            () -> Instant.ofEpochSecond(0, time.clock().getAsLong()),
            leads::add);
    writer.start();
    time.execute(() -> writer.onView(ClusterView.EMPTY));
    return writer;
  }

  private static Addresses fixed() {
    return new Addresses.Fixed(List.of(PublishedAddress.of(OURS)));
  }

  private String published(String name) {
    return String.valueOf(api.stored("Ingress", "shop", name).at("/status/loadBalancer/ingress"));
  }

  private boolean isPublished(String name) {
    return published(name).equals("[{\"ip\":\"" + OURS + "\"}]");
  }

  private long statusWrites() {
    return api.writes().stream().filter(write -> write.target().contains("/status")).count();
  }

  private String holder() {
    return api.stored("Lease", "penstock", "penstock-leader").at("/spec/holderIdentity").asText();
  }

  private void awaitPublished(String name) {
    time.passUntil(name + " has our address", SOON, () -> isPublished(name));
  }

  private void end(Writers writer) {
    CompletableFuture<Boolean> ended = writer.end();
    time.runUntil("the end", ended::isDone);
  }

  @Test
  void theLeaderWritesItsAddressesIntoOurIngressesAlone() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.put(ingress("shop", "foreign", "foreign.example.com"));
    writer("a", fixed(), false);

    awaitPublished("shop");
    assertThat(holder()).isEqualTo("a");
    assertThat(published("foreign")).contains(OTHERS);
    SeenRequest write = api.writes().getLast();
    assertThat(write.target())
        .isEqualTo(
            "/apis/networking.k8s.io/v1/namespaces/shop/ingresses/shop/status"
                + "?fieldManager=penstock-ingress-status&force=true");
    assertThat(write.value("Content-Type")).isEqualTo("application/apply-patch+yaml");
  }

  @Test
  void whatComesLaterIsWrittenAndWhatIsRightIsNotWrittenAgain() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    writer("a", fixed(), false);
    awaitPublished("shop");

    api.put(ingress("shop", "late", "late.example.com"));
    awaitPublished("late");
    time.pass(Duration.ofSeconds(60));
    assertThat(statusWrites()).isEqualTo(2);
  }

  @Test
  void aFollowerWritesNothingAndLeadsAsSoonAsTheLeaseIsGivenBack() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    Writers leader = writer("a", fixed(), false);
    awaitPublished("shop");
    writer("b", new Addresses.Fixed(List.of(PublishedAddress.of("gateway.example.com"))), false);
    time.pass(Duration.ofSeconds(60));
    assertThat(holder()).isEqualTo("a");
    assertThat(isPublished("shop")).isTrue();

    assertThat(leads).containsExactly(true);
    end(leader);
    assertThat(leads).containsExactly(true, false);
    assertThat(holder()).isEmpty();
    time.passUntil("the other leads", SOON, () -> published("shop").contains("gateway"));
    assertThat(published("shop")).isEqualTo("[{\"hostname\":\"gateway.example.com\"}]");
  }

  @Test
  void aLeaseThatIsMissingIsMadeWhenItHasBeenForItsTime() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.delete("Lease", LEASE.namespace(), LEASE.name());
    writer("a", fixed(), false);
    time.pass(TTL.minusSeconds(1));
    assertThat(api.writes()).isEmpty();
    assertThat(api.asked().stream().filter(target -> target.contains("/leases/")).count())
        .isBetween(7L, 15L);

    time.passUntil("it is made", Duration.ofSeconds(4), () -> holder().equals("a"));
    api.delete("Lease", LEASE.namespace(), LEASE.name());
    time.passUntil("it is made again", TTL.multipliedBy(2), () -> holder().equals("a"));
  }

  @Test
  void theLeaseOfADeadLeaderIsTakenWhenItHasNotChangedForItsTime() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    putLeaseOf("dead", 0);
    writer("a", fixed(), false);

    time.pass(Duration.ofSeconds(12)); // of 15, and what is seen may be 2 s old
    assertThat(holder()).isEqualTo("dead");
    assertThat(statusWrites()).isZero();
    awaitPublished("shop");
    assertThat(holder()).isEqualTo("a");
  }

  @Test
  void aNewLeaderIsFoundWithinTheTimeOfTheLeaseWheneverTheOldOneRenewedItLast() {
    putLeaseOf("dead", 0);
    writer("a", fixed(), false);
    for (int renewal = 1; renewal <= 4; renewal++) {
      time.pass(Duration.ofMillis(1370)); // between its looks, early and late
      putLeaseOf("dead", renewal);
      Duration took = time.passUntil("a new leader", TTL, () -> holder().equals("a"));
      assertThat(took).isBetween(Duration.ofSeconds(13), TTL);
      putLeaseOf("dead", 0);
    }
  }

  @Test
  void aLeaseOfMoreThanAnyReplicaAsksForIsTakenAllTheSame() {
    putLeaseOf("dead", 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
    writer("a", Optional.of(new Election(LEASE, Election.TTL_MAX)), fixed(), false);

    time.pass(Duration.ofMinutes(8));
    assertThat(holder()).isEqualTo("dead");
    time.passUntil("a leader", Duration.ofMinutes(2), () -> holder().equals("a"));
    assertThat(
            api.stored("Lease", "penstock", "penstock-leader").at("/spec/leaseTransitions").asInt())
        .isEqualTo(Integer.MAX_VALUE);
  }

  private void putLeaseOf(String holder, int renewal) {
    putLeaseOf(holder, renewal, 15, 4);
  }

  /** Its clock is a year ahead. */
  private void putLeaseOf(String holder, int renewal, int seconds, int transitions) {
    api.put(
        """
        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
         "metadata":{"name":"penstock-leader","namespace":"penstock"},
         "spec":{"holderIdentity":"%s","leaseDurationSeconds":%d,"leaseTransitions":%d,
          "renewTime":"2027-01-31T12:00:00.%06dZ"}}
        """
            .formatted(holder, seconds, transitions, renewal));
  }

  @Test
  void aLeaderThatCannotRenewWritesNothingMore() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    writer("a", fixed(), false);
    awaitPublished("shop");
    api.fault("/leases/", 1000, ScriptedApi.refusing(500));
    time.pass(Duration.ofSeconds(14));

    api.put(ingress("shop", "late", "late.example.com"));
    time.pass(Duration.ofSeconds(20));
    assertThat(published("late")).contains(OTHERS);

    api.heal();
    awaitPublished("late");
  }

  @Test
  void theAddressesOfAServiceAreFollowed() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    writer("a", new Addresses.OfService(new ObjectKey("penstock", "penstock")), false);
    time.pass(Duration.ofSeconds(5));
    assertThat(statusWrites()).isZero();

    api.put(loadBalancer("\"" + OURS + "\"", ""));
    awaitPublished("shop");
    api.put(loadBalancer("\"" + OURS + "\"", "{\"hostname\":\"lb.example.com\"}"));
    time.passUntil("the name", SOON, () -> published("shop").contains("lb.example.com"));
    assertThat(published("shop"))
        .isEqualTo("[{\"hostname\":\"lb.example.com\"},{\"ip\":\"" + OURS + "\"}]");
  }

  private static String loadBalancer(String externalIps, String ingress) {
    return """
    {"apiVersion":"v1","kind":"Service","metadata":{"name":"penstock","namespace":"penstock"},
     "spec":{"type":"LoadBalancer","clusterIP":"10.96.0.9","externalIPs":[%s]},
     "status":{"loadBalancer":{"ingress":[%s]}}}
    """
        .formatted(externalIps, ingress);
  }

  @Test
  void aServiceWithoutAnAddressTakesNoneAway() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.put(loadBalancer("", "{\"ip\":\"" + OURS + "\"}"));
    writer("a", new Addresses.OfService(new ObjectKey("penstock", "penstock")), false);
    awaitPublished("shop");

    api.put(loadBalancer("", ""));
    api.put(ingress("shop", "late", "late.example.com"));
    time.pass(Duration.ofSeconds(30));
    assertThat(isPublished("shop")).isTrue();
    assertThat(published("late")).contains(OTHERS);

    api.put(loadBalancer("", "{\"ip\":\"198.51.100.8\"}"));
    time.passUntil("the new one", SOON, () -> published("shop").contains("198.51.100.8"));
  }

  @Test
  void atTheEndTheAddressesAreTakenAwayThoughTheServiceHasGone() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.put(loadBalancer("", "{\"ip\":\"" + OURS + "\"}"));
    Writers writer =
        writer("a", new Addresses.OfService(new ObjectKey("penstock", "penstock")), true);
    awaitPublished("shop");
    api.delete("Service", "penstock", "penstock");
    time.pass(Duration.ofSeconds(5));
    assertThat(isPublished("shop")).isTrue();

    end(writer);
    assertThat(published("shop")).isEqualTo("[]");
  }

  @Test
  void theAddressesOfTheNodesOfReadyPodsAreFollowed() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.put(node("one", "10.0.0.1", "198.51.100.1"));
    api.put(node("two", "10.0.0.2", ""));
    api.put(node("three", "10.0.0.3", "198.51.100.3"));
    api.put(pod("gateway-1-a", "gateway", "1", "one", "True"));
    api.put(pod("gateway-2-b", "gateway", "2", "two", "True"));
    api.put(pod("gateway-2-c", "gateway", "2", "three", "False"));
    api.put(pod("other", "other", "1", "three", "True"));
    ObjectKey own = new ObjectKey("penstock", "gateway-1-a");
    Writers first = writer("a", new Addresses.OfNodes(own, false), false);
    String one = "{\"ip\":\"198.51.100.1\"}";
    time.passUntil(
        "two nodes", SOON, () -> published("shop").equals("[{\"ip\":\"10.0.0.2\"}," + one + "]"));

    api.put(pod("gateway-2-c", "gateway", "2", "three", "True"));
    time.passUntil("the third", SOON, () -> published("shop").contains("198.51.100.3"));
    for (String pod : List.of("gateway-1-a", "gateway-2-b", "gateway-2-c")) {
      api.put(pod(pod, "gateway", "1", "one", "False"));
    }
    time.pass(Duration.ofSeconds(5));
    assertThat(published("shop")).contains(one); // rather than nothing

    end(first);
    api.put(pod("gateway-1-a", "gateway", "1", "one", "True"));
    writer("b", new Addresses.OfNodes(own, true), false);
    time.passUntil(
        "internal ones", SOON, () -> published("shop").equals("[{\"ip\":\"10.0.0.1\"}]"));
  }

  private static String pod(String name, String app, String hash, String node, String ready) {
    return """
    {"kind":"Pod","apiVersion":"v1","metadata":{"name":"%s","namespace":"penstock",
      "labels":{"app":"%s","pod-template-hash":"%s"}},
     "spec":{"nodeName":"%s"},
     "status":{"phase":"Running","conditions":[{"type":"PodScheduled","status":"True"},
      {"type":"Ready","status":"%s"}]}}
    """
        .formatted(name, app, hash, node, ready);
  }

  private static String node(String name, String internal, String external) {
    return """
    {"kind":"Node","apiVersion":"v1","metadata":{"name":"%s"},
     "status":{"addresses":[{"type":"Hostname","address":"%s"},
      {"type":"InternalIP","address":"%s"},{"type":"ExternalIP","address":"%s"}]}}
    """
        .formatted(name, name, internal, external);
  }

  @Test
  void aReplicaWithoutOthersLeadsWithoutALease() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    Optional<Election> none = Optional.empty();
    Writers writer = writer("a", none, fixed(), true);
    awaitPublished("shop");
    assertThat(api.asked()).noneMatch(target -> target.contains("/leases"));

    end(writer);
    assertThat(published("shop")).isEqualTo("[]");
    assertThat(leads).containsExactly(true, false);
  }

  @Test
  void atTheEndTheAddressesAreTakenAwayWhenToldTo() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.put(ingress("shop", "foreign", "foreign.example.com"));
    Writers writer = writer("a", fixed(), true);
    awaitPublished("shop");

    end(writer);
    assertThat(published("shop")).isEqualTo("[]");
    assertThat(published("foreign")).contains(OTHERS);
    assertThat(holder()).isEmpty();
  }

  @Test
  void atTheEndTheAddressesStayWhenNotToldOtherwise() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    Writers writer = writer("a", fixed(), false);
    awaitPublished("shop");

    end(writer);
    assertThat(isPublished("shop")).isTrue();
    assertThat(statusWrites()).isEqualTo(1);
    assertThat(holder()).isEmpty();
  }

  @Test
  void onlyTheLeaderTakesThemAwayAndTheNextOneWritesThemAgain() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    Writers leader = writer("a", fixed(), true);
    awaitPublished("shop");
    Writers second = writer("b", fixed(), true);
    Writers third = writer("c", fixed(), true);
    time.pass(Duration.ofSeconds(10));

    end(third);
    assertThat(isPublished("shop")).isTrue();
    assertThat(holder()).isEqualTo("a");
    end(leader);
    assertThat(published("shop")).isEqualTo("[]");
    awaitPublished("shop");
    assertThat(holder()).isEqualTo("b");
    end(second);
    assertThat(published("shop")).isEqualTo("[]");
  }

  @Test
  void anIngressThatIsRefusedHoldsUpNoOther() {
    api.put(ingress("shop", "late", "late.example.com"));
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.fault("/late/status", 1000, ScriptedApi.refusing(422));
    writer("a", fixed(), false);

    awaitPublished("shop");
    time.pass(Duration.ofSeconds(60));
    long asked = api.asked().stream().filter(path -> path.contains("/late/status")).count();
    assertThat(asked).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 500})
  void anIngressThatIsRefusedForAWhileHoldsUpNoOther(int status) {
    api.put(ingress("aaa", "early", "early.example.com"));
    api.put(ingress("aaa", "second", "second.example.com"));
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.fault("/aaa/ingresses", 1000, ScriptedApi.refusing(status));
    writer("a", fixed(), false);

    awaitPublished("shop");
  }

  @Test
  void anApiServerThatFailsIsAskedAgain() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    api.fault("/status", 3, ScriptedApi.refusing(503));
    api.fault("/leases", 2, ScriptedApi.refusing(500));
    writer("a", fixed(), false);

    awaitPublished("shop");
  }

  @Test
  void somebodyWhoWritesTheSameStatusIsAnsweredRarely() {
    api.put(ingress("shop", "shop", "shop.example.com"));
    writer("a", fixed(), false);
    awaitPublished("shop");

    for (int second = 0; second < 30; second++) {
      api.put(ingress("shop", "shop", "shop.example.com"));
      time.pass(Duration.ofSeconds(1));
    }
    assertThat(statusWrites()).isBetween(2L, 5L);
  }
}
