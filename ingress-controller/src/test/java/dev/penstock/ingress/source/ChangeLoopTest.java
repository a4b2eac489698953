package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Balancing;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Endpoint;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.Publication;
import dev.penstock.model.Settings;
import dev.penstock.model.Source;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeLoopTest {
  private static final Upstream.Id A = new Upstream.Id("ns", "a", "80");
  private static final Upstream.Id B = new Upstream.Id("ns", "b", "80");
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Publication> published = new ArrayList<>();
  private final List<EndpointSet> fast = new ArrayList<>();
  private final List<Publication> applied = new ArrayList<>();
  private final List<Publication> previous = new ArrayList<>();

  private Publication next = Publication.EMPTY;
  private List<Diagnostic> complaints = List.of();
  private @Nullable RuntimeException translatorFault;
  private @Nullable RuntimeException sinkFault;
  private int translations;
  private SyncStatus told = SyncStatus.INITIAL;

  private final Sink sink =
      new Sink() {
        @Override
        public void publish(Publication publication) {
          if (sinkFault != null) throw sinkFault;
          published.add(publication);
        }

        @Override
        public void endpoints(EndpointSet set) {
          if (sinkFault != null) throw sinkFault;
          fast.add(set);
        }

        @Override
        public void status(SyncStatus status) {
          told = status;
        }
      };

  private ChangeLoop loop(@Nullable Publication served) {
    return new ChangeLoop(
        (view, before) -> {
          translations++;
          previous.add(before);
          if (translatorFault != null) throw translatorFault;
          return new Translation<>(next, complaints);
        },
        sink,
        served,
        applied::add,
        tasks::add,
        () -> NOW);
  }

  private void runAll() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) task.run();
  }

  private void change(ChangeLoop loop) {
    loop.onView(new Translation<>(ClusterView.EMPTY, List.of()));
    runAll();
  }

  private static Publication publication(List<Upstream.Id> upstreams, EndpointSet... sets) {
    return new Publication(
        new GatewayConfig(
            Settings.DEFAULT,
            List.of(),
            upstreams.stream().map(id -> new Upstream(id, new Balancing.RoundRobin())).toList(),
            List.of()),
        List.of(sets),
        Map.of());
  }

  private static EndpointSet set(Upstream.Id id, String... addresses) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String address : addresses) endpoints.add(new Endpoint(address, 80));
    return new EndpointSet(id, endpoints);
  }

  @Test
  void theFirstViewIsPublishedEvenWhenItServesNothing() {
    ChangeLoop loop = loop(null);
    change(loop);

    assertThat(published).containsExactly(Publication.EMPTY);
    assertThat(applied).containsExactly(Publication.EMPTY);
    assertThat(loop.status()).isEqualTo(new SyncStatus(1, NOW, "", true, 0, 0));
  }

  @Test
  void whatIsServedAlreadyIsNotPublishedAgain() {
    Publication state = publication(List.of(A), set(A, "10.0.0.1"));
    next = state;
    ChangeLoop loop = loop(state);
    change(loop);
    change(loop);

    assertThat(published).isEmpty();
    assertThat(fast).isEmpty();
    assertThat(previous).containsOnly(state);
    assertThat(loop.status().lastSuccess()).isEqualTo(NOW);
    assertThat(loop.status().version()).isZero();
  }

  @Test
  void viewsThatArriveTogetherAreAppliedOnce() {
    ChangeLoop loop = loop(null);
    for (int i = 0; i < 5; i++) loop.onView(new Translation<>(ClusterView.EMPTY, List.of()));
    runAll();

    assertThat(translations).isEqualTo(1);
  }

  @Test
  void endpointsAloneTakeTheFastRoad() {
    ChangeLoop loop = loop(null);
    next = publication(List.of(A, B), set(A, "10.0.0.1"), set(B, "10.0.0.2"));
    change(loop);
    next = publication(List.of(A, B), set(A, "10.0.0.1", "10.0.0.3"), set(B, "10.0.0.2"));
    change(loop);
    next = publication(List.of(A, B), set(A, "10.0.0.1", "10.0.0.3"));
    change(loop);

    assertThat(published).hasSize(1);
    assertThat(fast).containsExactly(set(A, "10.0.0.1", "10.0.0.3"), set(B));
    assertThat(applied).hasSize(3);
    assertThat(loop.status().version()).isEqualTo(3);
  }

  @Test
  void aChangedConfigurationIsPublishedWhole() {
    ChangeLoop loop = loop(null);
    next = publication(List.of(A), set(A, "10.0.0.1"));
    change(loop);
    next = publication(List.of(A, B), set(A, "10.0.0.9"));
    change(loop);

    assertThat(published).hasSize(2);
    assertThat(fast).isEmpty();
  }

  @Test
  void aSinkThatRefusesKeepsTheLastGoodAndIsAskedAgain() {
    ChangeLoop loop = loop(null);
    next = publication(List.of(A), set(A, "10.0.0.1"));
    change(loop);
    Publication good = next;
    next = publication(List.of(A, B));
    sinkFault = new IllegalStateException("no\nmemory");
    change(loop);

    assertThat(loop.status().lastError()).isEqualTo("not applied: no memory");
    assertThat(loop.status().version()).isEqualTo(1);
    sinkFault = null;
    change(loop);

    assertThat(previous.getLast()).isEqualTo(good);
    assertThat(published).containsExactly(good, next);
    assertThat(loop.status().lastError()).isEmpty();
  }

  @Test
  void aTranslatorThatFailsKeepsTheLastGood() {
    ChangeLoop loop = loop(null);
    change(loop);
    translatorFault = new NullPointerException("bug");
    change(loop);

    assertThat(published).hasSize(1);
    assertThat(loop.status().lastError()).isEqualTo("translation failed: bug");
    assertThat(loop.status().sourceReadable()).isTrue();
  }

  @Test
  void anOutageChangesNothingAndIsOverWithTheNextView() {
    Diagnostic ofView = Diagnostic.warning(Source.of("Ingress", "ns", "x"), "", "odd");
    complaints = List.of(ofView);
    ChangeLoop loop = loop(null);
    change(loop);
    Diagnostic gone = Diagnostic.error(Source.ofFile("conf", 0, 0), "", "is gone");
    for (int i = 0; i < 3; i++) loop.onOutage(gone);
    runAll();
    loop.onOutage(Diagnostic.error(Source.ofFile("conf", 0, 0), "", "is empty"));
    runAll();

    assertThat(published).hasSize(1);
    assertThat(loop.status())
        .isEqualTo(new SyncStatus(1, NOW, "conf: error: is empty", false, 1, 1));
    assertThat(told).isEqualTo(loop.status());
    assertThat(loop.diagnostics()).hasSize(2);

    change(loop);
    assertThat(published).hasSize(1);
    assertThat(loop.status()).isEqualTo(new SyncStatus(1, NOW, "", true, 0, 1));
    assertThat(told).isEqualTo(loop.status());
    assertThat(loop.diagnostics()).containsExactly(ofView);
  }

  @Test
  void aViewAfterAnOutageWinsThoughBothWaited() {
    ChangeLoop loop = loop(null);
    loop.onOutage(Diagnostic.error(Source.ofFile("conf", 0, 0), "", "is gone"));
    loop.onView(new Translation<>(ClusterView.EMPTY, List.of()));
    runAll();

    assertThat(loop.status().sourceReadable()).isTrue();
  }

  @Test
  void whatTimeMakesWrongIsToldWithoutAChange() {
    ChangeLoop loop = loop(null);
    loop.judgeAgain();
    runAll();
    assertThat(translations).isZero();
    change(loop);

    Diagnostic expired = Diagnostic.warning(Source.of("Secret", "ns", "x"), "", "expired");
    complaints = List.of(expired);
    loop.judgeAgain();
    runAll();

    assertThat(loop.diagnostics()).containsExactly(expired);
    assertThat(told).isEqualTo(new SyncStatus(1, NOW, "", true, 0, 1));
    assertThat(published).hasSize(1);
  }

  @Test
  void anOutageIsNotOverBecauseTimePasses() {
    ChangeLoop loop = loop(null);
    change(loop);
    Diagnostic gone = Diagnostic.error(Source.ofFile("conf", 0, 0), "", "is gone");
    loop.onOutage(gone);
    runAll();
    loop.judgeAgain();
    runAll();

    assertThat(loop.diagnostics()).containsExactly(gone);
    assertThat(told).isEqualTo(new SyncStatus(1, NOW, "conf: error: is gone", false, 1, 0));
  }
}
