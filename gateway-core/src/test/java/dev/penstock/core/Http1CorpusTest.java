package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.CorpusRun;
import dev.penstock.testkit.Http1Corpus;
import dev.penstock.testkit.Judge;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.RawCase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The raw HTTP/1.x cases and their well-formed siblings, over TCP and TLS, as given and cut into
 * single bytes. Most of a case's time is waiting, so the four ways run beside each other, each with
 * a gateway and a backend of its own.
 */
@ExtendWith(LeakExtension.class)
class Http1CorpusTest {
  private record Way(Transport transport, CorpusRun.Cut cut) {}

  @TestFactory
  Stream<DynamicTest> everyCaseEndsAsItMust() throws Exception {
    return play(Http1Corpus.cases());
  }

  @TestFactory
  Stream<DynamicTest> everyWellFormedSiblingComesThroughClean() throws Exception {
    return play(Http1Corpus.siblings());
  }

  private static Stream<DynamicTest> play(List<RawCase> cases) throws Exception {
    Map<Way, Map<RawCase, Judge.Judgement>> judgements = new ConcurrentHashMap<>();
    Map<Way, Throwable> failures = new ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    for (Transport transport : Transport.values()) {
      for (CorpusRun.Cut cut : CorpusRun.Cut.values()) {
        Way way = new Way(transport, cut);
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    judgements.put(way, play(cases, way));
                  } catch (Exception | Error failed) {
                    failures.put(way, failed);
                  }
                }));
      }
    }
    for (Thread thread : threads) thread.join();
    assertThat(failures).isEmpty();
    return judgements.entrySet().stream().flatMap(e -> tests(e.getKey(), e.getValue()));
  }

  private static Map<RawCase, Judge.Judgement> play(List<RawCase> cases, Way way) throws Exception {
    Map<RawCase, Judge.Judgement> judgements = new LinkedHashMap<>();
    try (CorpusRun run = new CorpusRun();
        GatewayFixture gateway = GatewayFixture.to(run.backend())) {
      for (RawCase given : cases) {
        RawCase rawCase = way.transport == Transport.TLS ? given.overTls() : given;
        judgements.put(rawCase, run.play(rawCase, () -> gateway.connect(way.transport), way.cut));
      }
    }
    return judgements;
  }

  private static Stream<DynamicTest> tests(Way way, Map<RawCase, Judge.Judgement> judgements) {
    return judgements.entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(
                entry.getKey() + " " + way,
                () ->
                    assertThat(entry.getValue()).matches(j -> entry.getKey().passes(j.verdict()))));
  }
}
