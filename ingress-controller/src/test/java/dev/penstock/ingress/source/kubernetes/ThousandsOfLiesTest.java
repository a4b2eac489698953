package dev.penstock.ingress.source.kubernetes;

import static dev.penstock.ingress.source.kubernetes.ApiObjects.ingress;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.Lies;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.ScriptedApi;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An API server that lies all the time: nothing of a lie is kept. */
class ThousandsOfLiesTest {
  /**
   * Each lie eight times: after as many answers that are no HTTP the connections are made anew, so
   * that as many are lost whenever it is counted.
   */
  private static final int ROUNDS = 96;

  /** 12 take a minute. */
  private static final int TIMES = Integer.getInteger("penstock.lies", 3);

  /**
   * Of the median of all times: idle connections, and what else the virtual machine does meanwhile,
   * make single ones differ by hundreds of KB. One lie of which a connection is kept would show
   * every time, by 200 KB.
   */
  private static final long GROWTH_BYTES_MAX = 150 << 10;

  /** Means nothing: in a hurry the virtual clock runs on while a socket is slow. */
  private static final Duration ROUND_MAX = Duration.ofDays(1);

  private static final int INGRESSES = 6;
  private static final String HALF_AN_EVENT =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          + Answers.chunk("{\"type\":\"ADDED\",\"object\":{\"kin");
  private static final String HALF_A_LIST =
      "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"metadata\":{";

  private final Logger log = (Logger) LoggerFactory.getLogger(KindLoop.class);
  private SourceFixture cluster;

  private final List<IntConsumer> lies =
      List.of(
          round -> watchGets(ScriptedApi.refusing(500)),
          round -> watchGets(ScriptedApi.refusing(429, "Retry-After: 1")),
          round -> watchGets(ScriptedApi.refusing(410)),
          round -> watchGets(ScriptedApi.refusing(401)),
          round -> watchGets(Lies.cut("220 mail.example.com ESMTP\r\n")),
          round -> watchGets(Lies.cut(HALF_AN_EVENT)),
          round -> listGets(ScriptedApi.refusing(503)),
          round -> listGets(Lies.cut(HALF_A_LIST)),
          round -> listGets(Lies.emptyList(99_999_999)),
          round -> listGets(Lies.emptyList(5)),
          round -> cluster.api.sendLine("Ingress", "{\"type\":\"MODIFIED\",\"object\":[]\n"),
          round -> cluster.api.bookmark("Ingress", 10),
          this::tellOldNewsTwice);

  @BeforeEach
  void follow() {
    log.setLevel(Level.ERROR); // it warns of each lie
    cluster = SourceFixture.following();
    IntStream.range(1, INGRESSES)
        .forEach(i -> cluster.api.put(ingress("shop", "i" + i, "i" + i + ".example.com")));
    cluster.recover("all", view -> view.ingresses().size() == INGRESSES);
    forgetAllButTheLastView();
  }

  @AfterEach
  void close() {
    log.setLevel(null);
    cluster.close();
  }

  private void watchGets(Origin.Reply lie) {
    cluster.api.fault("/ingresses?watch", 1, lie);
    cluster.api.endWatches("Ingress");
  }

  private void listGets(Origin.Reply lie) {
    cluster.api.fault("/ingresses?limit", 1, lie);
    cluster.api.compact();
    cluster.api.endWatches("Ingress");
  }

  /** Of an Ingress that has gone. */
  private void tellOldNewsTwice(int round) {
    String gone = ingress("shop", "r" + (round - 2), "old.example.com").replace("\n", "");
    String event =
        "{\"type\":\"ADDED\",\"object\":%s}\n"
            .formatted(
                gone.replace("\"metadata\":{", "\"metadata\":{\"resourceVersion\":\"900\","));
    cluster.api.sendLine("Ingress", event);
    cluster.api.sendLine("Ingress", event);
  }

  /** One lie, and a change that has to be seen all the same. */
  private void round(int round) {
    if (round % ROUNDS == 0) watchGets(Lies.silence());
    else lies.get(round % lies.size()).accept(round);
    cluster.api.put(ingress("shop", "r" + round, "r" + round + ".example.com"));
    if (round > 0) cluster.api.delete("Ingress", "shop", "r" + (round - 1));
    String name = "r" + round;
    cluster.time.passUntil(
        "what came after lie " + round % lies.size(),
        ROUND_MAX,
        () -> cluster.ingressNames().contains(name));
    int fewest =
        cluster.views.stream().mapToInt(view -> view.value().ingresses().size()).min().orElse(0);
    assertThat(fewest).isGreaterThanOrEqualTo(INGRESSES);
    forgetAllButTheLastView();
  }

  /** So that what grows is not the test's. */
  private void forgetAllButTheLastView() {
    cluster.views.subList(0, cluster.views.size() - 1).clear();
    cluster.outages.clear();
    cluster.api.forgetRequests();
  }

  @Test
  void nothingIsKeptOfThem() {
    cluster.time.hurry(true);
    IntStream.range(0, ROUNDS).forEach(this::round); // warms up
    long[] grown = new long[TIMES];
    long before = retainedBytes();
    for (int time = 0; time < TIMES; time++) {
      IntStream.range((time + 1) * ROUNDS, (time + 2) * ROUNDS).forEach(this::round);
      long after = retainedBytes();
      grown[time] = after - before;
      before = after;
    }
    cluster.time.hurry(false);

    cluster.api.put(ingress("shop", "new", "new.example.com"));
    cluster.recover("the new one", view -> view.ingresses().size() == INGRESSES + 2);
    Arrays.sort(grown);
    assertThat(grown[TIMES / 2]).as("of %s", Arrays.toString(grown)).isLessThan(GROWTH_BYTES_MAX);
  }

  private long retainedBytes() {
    // What the server has told, and its watches that nobody follows any more, are the test's.
    cluster.api.compact();
    cluster.api.endWatches();
    cluster.time.pass(Duration.ofSeconds(20));
    forgetAllButTheLastView();
    liveBytes(); // what cleaners free is gone at the second
    return liveBytes();
  }

  /** By class, since what a collection leaves in use also counts the holes between objects. */
  private static long liveBytes() {
    try {
      String histogram =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()})
              .toString();
      return histogram
          .lines()
          .map(line -> line.strip().split("\\s+"))
          .filter(words -> words[0].endsWith(":") && !words[3].contains("FillerElement"))
          .mapToLong(words -> Long.parseLong(words[2]))
          .sum();
    } catch (JMException impossible) {
      throw new AssertionError("no histogram", impossible);
    }
  }
}
