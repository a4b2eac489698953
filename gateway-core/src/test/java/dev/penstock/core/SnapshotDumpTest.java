package dev.penstock.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Json;
import dev.penstock.model.JsonFault;
import dev.penstock.model.PathMatch;
import dev.penstock.testkit.Answers;
import dev.penstock.testkit.LeakExtension;
import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.RawClient;
import dev.penstock.testkit.TestCertificate;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code /config} tells. */
@ExtendWith(LeakExtension.class)
class SnapshotDumpTest {
  /** For 10,000 hosts, on a machine that does other things too. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static String dump(GatewayFixture gateway, String host) throws IOException {
    StringWriter text = new StringWriter();
    gateway.gateway().served().write(host, text);
    return text.toString();
  }

  private static Json.Struct parsed(String text) throws JsonFault {
    return (Json.Struct) Json.parse(text);
  }

  private static TestWorld world() {
    return TestWorld.empty()
        .upstream("one", 1001, 1002)
        .upstream("two", 1003)
        .route("a.test", new PathMatch.Prefix("/x"), "one")
        .route("*.b.test", new PathMatch.Exact("/y"), "two");
  }

  @Test
  void everythingThatIsServedIsTold() throws IOException, JsonFault {
    try (GatewayFixture gateway =
        GatewayFixture.serving(world().certificate("a.test", TestCertificate.ec("a.test")))) {
      String text = dump(gateway, "");
      assertThat(parsed(text).members())
          .containsOnlyKeys(
              "version",
              "ageSeconds",
              "hash",
              "settings",
              "hosts",
              "upstreams",
              "certificates",
              "certificateFailures")
          .containsEntry("version", new Json.Numeral("1"));
      assertThat(text)
          .contains("\"host\": \"*.b.test\"", "\"host\": \"a.test\"")
          .contains("\"path\": \"/x\"", "\"path\": \"/y\"")
          .contains("\"upstream\": \"test/one:80\"", "127.0.0.1:1001", "127.0.0.1:1003")
          .contains("\"certificate\": \"test/a.test\"", "\"notAfter\": \"20");
    }
  }

  @Test
  void aHostIsShownWithWhatItNeedsAndNothingElse() throws IOException, JsonFault {
    TestWorld world =
        world()
            .certificate("a.test", TestCertificate.ec("a.test"))
            .certificate("*.b.test", TestCertificate.ec("*.b.test"));
    try (GatewayFixture gateway = GatewayFixture.serving(world)) {
      for (String name : new String[] {"A.test", "c.b.test", "*.b.test"}) {
        String text = dump(gateway, name);
        boolean isFirst = name.equals("A.test");
        assertThat(parsed(text).members()).containsKeys("hosts", "upstreams", "certificates");
        assertThat(text.contains("a.test")).isEqualTo(isFirst);
        assertThat(text.contains("test/one:80")).isEqualTo(isFirst);
        assertThat(text.contains("*.b.test")).isEqualTo(!isFirst);
        assertThat(text.contains("test/two:80")).isEqualTo(!isFirst);
      }
      for (String same : new String[] {"a.test:8443", "a.test.", "A.Test.:80"}) {
        assertThat(dump(gateway, same)).as(same).contains("\"host\": \"a.test\"", "test/one:80");
      }
      assertThat(dump(gateway, "nobody")).contains("\"hosts\": []", "\"upstreams\": []");
    }
  }

  @Test
  void endpointsAreToldWithTheirState() throws IOException, JsonFault {
    int nobody = Ports.closed();
    try (Origin origin = Origin.answering(Answers.ok("x"));
        GatewayFixture gateway = GatewayFixture.serving(TestWorld.toPorts(nobody, origin.port()));
        RawClient client = gateway.plain()) {
      for (int i = 0; i < 2; i++) client.exchange(Requests.get("/"));
      assertThat(dump(gateway, ""))
          .contains(state(nobody, 0, 0, 1))
          .contains(state(origin.port(), 1, 1, 0));
    }
  }

  private static String state(int port, int open, int idle, int paused) {
    return "{\"endpoint\": \"127.0.0.1:%d\", \"open\": %d, \"idle\": %d, \"waiting\": 0, \"pausedLoops\": %d}"
        .formatted(port, open, idle, paused);
  }

  @Test
  void noByteOfAPrivateKeyIsTold() throws IOException {
    TestCertificate ec = TestCertificate.ec("a.test");
    TestCertificate rsa = TestCertificate.rsa("b.test");
    try (GatewayFixture gateway =
        GatewayFixture.serving(world().certificate("a.test", ec).certificate("b.test", rsa))) {
      String text = dump(gateway, "") + dump(gateway, "a.test") + dump(gateway, "b.test");
      assertThat(text).doesNotContain("PRIVATE KEY", "keyPem");
      for (TestCertificate certificate : new TestCertificate[] {ec, rsa}) {
        byte[] key = certificate.key().getEncoded();
        holdsNoPieceOf(Base64.getEncoder().encodeToString(key), text);
        holdsNoPieceOf(HexFormat.of().formatHex(key), text);
      }
    }
  }

  /** Pieces that are short enough to find any part of some length, and too long for chance. */
  private static void holdsNoPieceOf(String key, String text) {
    for (int at = 0; at + 12 <= key.length(); at++) {
      assertThat(text.contains(key.substring(at, at + 12))).isFalse();
    }
  }

  /** Takes everything, and remembers the largest part. */
  private static final class Counting extends Writer {
    private long chars;
    private int largest;

    @Override
    public void write(char[] part, int offset, int length) {
      chars += length;
      largest = Math.max(largest, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void tenThousandHostsAreToldInSmallPartsAndInTime() throws IOException {
    TestWorld many = TestWorld.empty().upstream("app", 1);
    for (int i = 0; i < 10_000; i++) {
      for (int path = 0; path < 5; path++) {
        many.route("h" + i + ".test", new PathMatch.Prefix("/p" + path), "app");
      }
    }
    try (GatewayFixture gateway = GatewayFixture.serving(many)) {
      Counting out = new Counting();
      long began = System.nanoTime();
      gateway.gateway().served().write("", out);
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
      assertThat(out.chars).isBetween(10_000_000L, 40_000_000L);
      assertThat(out.largest).isLessThan(16 * 1024);
    }
  }
}
