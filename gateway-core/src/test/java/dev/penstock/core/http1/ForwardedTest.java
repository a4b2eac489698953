package dev.penstock.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.model.Network;
import dev.penstock.model.Settings;
import dev.penstock.model.Settings.FrontProxies.Belief;
import dev.penstock.testkit.Await;
import dev.penstock.testkit.SeenRequest;
import dev.penstock.testkit.StrictReparse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backend is told when a proxy in front of the gateway says who the client is. */
class ForwardedTest {
  /** The proxies of these tests are there. */
  private static final String TRUSTED = "10.0.0.0/8, 2001:db8::/32";

  private static final String PEER = "10.0.0.1";

  private String peer = PEER;
  private String scheme = "http";
  private Belief belief = Belief.ALL;
  private boolean fullChain;
  private String addressField = "X-Forwarded-For";
  private String hostField = "X-Forwarded-Host";
  private String trusted = TRUSTED;

  private Settings.FrontProxies proxies() {
    List<Network> networks = Stream.of(trusted.split(", ")).map(Network::of).toList();
    return new Settings.FrontProxies(belief, fullChain, addressField, hostField, false, networks);
  }

  private SeenRequest seen(String... lines) {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    String text = "GET /x HTTP/1.1\r\nHost: a.test:81\r\n";
    for (String line : lines) text += line + "\r\n";
    assertThat(head.feed(Unpooled.wrappedBuffer(Cuts.bytes(text + "\r\n"))))
        .as(text)
        .isEqualTo(Progress.DONE);
    Identity identity = new Identity(Cuts.bytes(peer), Cuts.bytes(scheme), Cuts.bytes("8080"));
    identity.begin(head, ForwardedRules.of(proxies()));
    ByteBuf out = Unpooled.buffer();
    RequestEncoder.encode(out, head, identity);
    var result = StrictReparse.parse(ByteBufUtil.getBytes(out));
    assertThat(result.ending()).isEqualTo(StrictReparse.Ending.COMPLETE);
    SeenRequest seen = result.requests().getFirst();
    assertThat(seen.value("x-real-ip"))
        .isEqualTo(
            Ascii.text(identity.addressBytes(), identity.addressStart(), identity.addressEnd()));
    assertThat(seen.value("x-forwarded-scheme")).isEqualTo(seen.value("x-forwarded-proto"));
    assertThat(seen.value("x-scheme")).isEqualTo(seen.value("x-forwarded-proto"));
    assertThat(seen.value("x-forwarded-proto")).isEqualTo(identity.isHttps() ? "https" : "http");
    assertThat(seen.value("x-forwarded-host")).isEqualTo(seen.value("host"));
    assertThat(Ascii.text(head.bytes(), identity.hostStart(head), identity.hostEnd(head)))
        .isEqualTo(seen.value("host"));
    return seen;
  }

  @Test
  void nothingOfAHeadIsHeldWhenItsBytesAreGivenBack() throws Exception {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    String lines =
        "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Port: 81\r\nX-A: " + "a".repeat(4_000);
    head.feed(
        Unpooled.wrappedBuffer(Cuts.bytes("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n")));
    Identity identity = new Identity(Cuts.bytes(peer), Cuts.bytes(scheme), Cuts.bytes("8080"));
    identity.begin(head, ForwardedRules.of(proxies()));
    WeakReference<byte[]> bytes = new WeakReference<>(head.bytes());
    assertThat(identity.addressBytes()).isSameAs(bytes.get());

    head.reset();
    head.trim();
    Await.until(
        "they are collected",
        () -> {
          System.gc();
          return bytes.get() == null;
        });
    assertThat(identity.forwarded()).isNotNull();
  }

  // ---- the client's address

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.7                                    | 192.0.2.7",
        "192.0.2.7, 10.1.1.1                          | 192.0.2.7",
        "6.6.6.6, 192.0.2.7, 10.1.1.1                 | 192.0.2.7",
        "10.3.3.3, 10.2.2.2, 10.1.1.1                 | 10.3.3.3",
        "2001:4860::7, 2001:db8::1                    | 2001:4860::7",
        "'192.0.2.7 ,\t,, 10.1.1.1 , '                | 192.0.2.7",
        "192.0.2.7:4711, 10.1.1.1:80                  | 192.0.2.7",
        "'[2001:4860::7]:443, [2001:db8::1]'          | 2001:4860::7",
        "::ffff:192.0.2.7, ::ffff:10.1.1.1            | ::ffff:192.0.2.7",
      })
  void theClientIsTheLastAddressThatIsNoTrustedProxys(String list, String client) {
    SeenRequest seen = seen("X-Forwarded-For: " + list);
    assertThat(seen.value("x-forwarded-for")).isEqualTo(client);
    assertThat(seen.value("x-real-ip")).isEqualTo(client);
    assertThat(seen.value("x-original-forwarded-for")).isEqualTo(list.strip());
  }

  @Test
  void manyFieldsAreOneListInTheirOrder() {
    SeenRequest seen =
        seen(
            "X-Forwarded-For: 6.6.6.6, 192.0.2.7",
            "A: b",
            "x-forwarded-for:",
            "X-FORWARDED-FOR: 10.1.1.1");
    assertThat(seen.value("x-real-ip")).isEqualTo("192.0.2.7");
    assertThat(seen.value("x-original-forwarded-for")).isEqualTo("6.6.6.6, 192.0.2.7, 10.1.1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "unknown",
        "_secret",
        "localhost",
        "192.0.2.7 10.1.1.1",
        "192.0.2.07",
        "192.0.2.7:",
        "192.0.2.7:70000",
        "[192.0.2.7]",
        "[::1",
        "::1]",
        "[]",
        "[::1]x",
        "fe80::1%eth0",
        "for=192.0.2.7",
        "\"192.0.2.7\"",
        "192.0.2.0/24",
        "\u00E4"
      })
  void whatIsNoAddressEndsTheWalkWhereItIs(String odd) {
    assertThat(seen("X-Forwarded-For: " + odd).value("x-real-ip")).isEqualTo(PEER);
    boolean isNothing = odd.replace(",", "").isEmpty();
    assertThat(seen("X-Forwarded-For: 6.6.6.6, " + odd + ", 10.1.1.1").value("x-real-ip"))
        .isEqualTo(isNothing ? "6.6.6.6" : "10.1.1.1");
  }

  @Test
  void anEndlessListIsReadToABoundAndPassedOn() {
    String proxies = "10.1.1.1,".repeat(800);
    assertThat(seen("X-Forwarded-For: 192.0.2.7," + proxies).value("x-real-ip"))
        .isEqualTo("10.1.1.1");
    assertThat(seen("X-Forwarded-For: 192.0.2.7" + ",".repeat(7_000)).value("x-real-ip"))
        .isEqualTo("192.0.2.7");
    assertThat(seen("X-Forwarded-For: " + "1".repeat(7_000)).value("x-real-ip")).isEqualTo(PEER);
    assertThat(seen("X-Forwarded-For: " + "f:".repeat(3_500)).value("x-real-ip")).isEqualTo(PEER);
  }

  @Test
  void theWalkIsThatOfItsNaiveReference() {
    Random random = new Random(5);
    String[] elements = {
      "10.1.1.1",
      "10.2.2.2",
      "10.3.3.3:9",
      "[2001:db8::5]:1",
      "192.0.2.7",
      "2001:4860::7",
      "x",
      "",
      " "
    };
    for (int i = 0; i < 20_000; i++) {
      List<String> lines = new ArrayList<>();
      List<String> all = new ArrayList<>();
      for (int n = random.nextInt(4); n > 0; n--) {
        List<String> list = new ArrayList<>();
        for (int m = random.nextInt(12); m > 0; m--) {
          list.add(
              elements[Math.min(random.nextInt(elements.length), random.nextInt(elements.length))]);
        }
        all.addAll(list);
        lines.add("X-Forwarded-For: " + String.join(random.nextBoolean() ? "," : " , ", list));
      }
      String client = naive(all);
      assertThat(seen(lines.toArray(String[]::new)).value("x-real-ip"))
          .as("%s", lines)
          .isEqualTo(client);
    }
  }

  private static String naive(List<String> all) {
    String client = PEER;
    int read = 0;
    for (String element : all.reversed()) {
      if (element.isBlank()) continue;
      String bare =
          element.replaceAll("^\\[(.*)]:\\d+$", "$1").replaceAll("^([\\d.]+):\\d+$", "$1");
      boolean isAddress = Pattern.matches("[\\d.]+|[\\da-f:]+", bare) && bare.length() > 1;
      if (!isAddress || ++read > Forwarded.HOPS_MAX) return client;
      client = bare;
      if (!bare.startsWith("10.") && !bare.startsWith("2001:db8:")) return client;
    }
    return client;
  }

  @Test
  void anAllTrustingNetworkTakesTheFirstAddress() {
    trusted = "0.0.0.0/0";
    assertThat(seen("X-Forwarded-For: 6.6.6.6, 192.0.2.7").value("x-real-ip")).isEqualTo("6.6.6.6");
    assertThat(seen("X-Forwarded-For: 6.6.6.6, ::7, 192.0.2.7").value("x-real-ip"))
        .isEqualTo("::7");
  }

  @Test
  void anotherFieldMayBeNamed() {
    for (String name :
        List.of("CF-Connecting-IP", "x-real-ip", "X-Forwarded-Client", "Forwarded")) {
      addressField = name;
      SeenRequest seen =
          seen(
              "X-Forwarded-For: 6.6.6.6",
              "X-Real-Ip-Not: 6.6.6.6",
              name.toUpperCase(Locale.ROOT) + ": 192.0.2.7");
      assertThat(seen.value("x-real-ip")).isEqualTo("192.0.2.7");
      assertThat(seen.value("x-forwarded-for")).isEqualTo("192.0.2.7");
      assertThat(seen.value("x-original-forwarded-for")).isEqualTo("192.0.2.7");
    }
  }

  @Test
  void aNameWithAnUnderscoreIsNoOther() {
    assertThat(seen("X_Forwarded_For: 192.0.2.7", "X-Forwarded_For: 192.0.2.7").value("x-real-ip"))
        .isEqualTo(PEER);
    addressField = "X_Forwarded_For";
    assertThat(seen("X_Forwarded_For: 192.0.2.7").value("x-real-ip")).isEqualTo(PEER);
  }

  @Test
  void whatConnectionNamesIsReadNonetheless() {
    SeenRequest seen =
        seen(
            "Connection: X-Forwarded-For, X-Forwarded-Proto, X-Real-IP",
            "X-Forwarded-For: 192.0.2.7",
            "X-Forwarded-Proto: https");
    assertThat(seen.value("x-real-ip")).isEqualTo("192.0.2.7");
    assertThat(seen.value("x-forwarded-proto")).isEqualTo("https");
  }

  @Test
  void theFullChainEndsInThePeer() {
    fullChain = true;
    assertThat(
            seen("X-Forwarded-For: x, 192.0.2.7", "X-Forwarded-For: 10.1.1.1")
                .value("x-forwarded-for"))
        .isEqualTo("x, 192.0.2.7, 10.1.1.1, " + PEER);
    assertThat(seen("X-Forwarded-For: 192.0.2.7").value("x-real-ip")).isEqualTo("192.0.2.7");
    assertThat(seen().value("x-forwarded-for")).isEqualTo(PEER);
    belief = Belief.ADDRESS;
    assertThat(seen("X-Forwarded-For: x, 192.0.2.7").value("x-forwarded-for"))
        .isEqualTo("192.0.2.7");
  }

  // ---- who is believed

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, ALL",
    "::1, ALL",
    "unknown, ALL",
    "192.0.2.1, ADDRESS",
    "10.0.0.1, NOTHING"
  })
  void ofAnybodyElseNothingIsBelievedOrPassedOn(String from, Belief to) {
    peer = from;
    belief = to;
    for (boolean full : new boolean[] {false, true}) {
      fullChain = full;
      SeenRequest seen =
          seen(
              "X-Forwarded-For: 6.6.6.6",
              "X-Forwarded-Host: 6.6.6.6",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Port: 6666",
              "X-Forwarded-Prefix: /6.6.6.6",
              "X-Original-Forwarded-For: 6.6.6.6",
              "Forwarded: for=6.6.6.6");
      assertThat(seen.toString()).doesNotContain("6666", "6.6.6.6", "https");
      assertThat(seen.value("x-forwarded-for")).isEqualTo(from);
      assertThat(seen.value("host")).isEqualTo("a.test:81");
      assertThat(seen.value("x-forwarded-port")).isEqualTo("8080");
    }
  }

  @Test
  void aPeerOfIpv4IsTheSameOverAnIpv6Socket() {
    peer = "0:0:0:0:0:ffff:a00:1";
    assertThat(seen("X-Forwarded-For: 192.0.2.7").value("x-real-ip")).isEqualTo("192.0.2.7");
  }

  @Test
  void whereOnlyTheAddressIsBelievedNothingElseIs() {
    belief = Belief.ADDRESS;
    SeenRequest seen =
        seen(
            "X-Forwarded-For: 192.0.2.7",
            "X-Forwarded-Host: b.test",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Port: 443",
            "X-Forwarded-Prefix: /b");
    assertThat(seen.value("x-forwarded-for")).isEqualTo("192.0.2.7");
    assertThat(seen.value("host")).isEqualTo("a.test:81");
    assertThat(seen.value("x-forwarded-proto")).isEqualTo("http");
    assertThat(seen.value("x-forwarded-port")).isEqualTo("8080");
    assertThat(seen.has("x-forwarded-prefix")).isFalse();
    assertThat(seen.toString()).doesNotContainIgnoringCase("x-original");
  }

  // ---- what was asked for

  @Test
  void hostSchemeAndPortOfATrustedProxyArePassedOn() {
    SeenRequest seen =
        seen(
            "X-Forwarded-Host: B.test:444 \t, c.test",
            "X-Forwarded-Proto: HTTPS ,http",
            "X-Forwarded-Port: 444",
            "X-Forwarded-Prefix: /b",
            "X-Real-IP: 6.6.6.6",
            "Forwarded: for=6.6.6.6",
            "X-Original-Forwarded-Host: evil");
    assertThat(seen.value("host")).isEqualTo("B.test:444");
    assertThat(seen.value("x-original-forwarded-host")).isEqualTo("B.test:444 \t, c.test");
    assertThat(seen.value("x-forwarded-proto")).isEqualTo("https");
    assertThat(seen.value("x-forwarded-port")).isEqualTo("444");
    assertThat(seen.value("x-forwarded-prefix")).isEqualTo("/b");
    assertThat(seen.value("x-real-ip")).isEqualTo(PEER);
    assertThat(seen.toString()).doesNotContain("evil", "6.6.6.6");
  }

  @Test
  void plainHttpBeforeThePeersTlsIsHttp() {
    scheme = "https";
    assertThat(seen("X-Forwarded-Proto: http").value("x-forwarded-proto")).isEqualTo("http");
    assertThat(seen().value("x-forwarded-proto")).isEqualTo("https");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",https", "httpss", "ws", "https/1", "https;", "\"https\""})
  void anotherSchemeIsTheListeners(String odd) {
    assertThat(seen("X-Forwarded-Proto: " + odd).value("x-forwarded-proto")).isEqualTo("http");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "65536", "123456", "4 4", ", 443"})
  void anotherPortIsTheListeners(String odd) {
    assertThat(seen("X-Forwarded-Port: " + odd).value("x-forwarded-port")).isEqualTo("8080");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a b", "a/b", "b.test:x", "b.test:65536", "a@b", "\u00E4.test", ",b.test"})
  void anotherHostIsThatOfTheRequest(String odd) {
    assertThat(seen("X-Forwarded-Host: " + odd).value("host")).isEqualTo("a.test:81");
  }

  @Test
  void theFieldOfTheHostMayBeNamed() {
    hostField = "X-Host";
    SeenRequest seen = seen("X-Forwarded-Host: evil", "x-host: b.test");
    assertThat(seen.value("host")).isEqualTo("b.test");
    assertThat(seen.value("x-original-forwarded-host")).isEqualTo("b.test");
    assertThat(seen.toString()).doesNotContain("evil");
  }

  @Test
  void theNextRequestOfTheConnectionBeginsAnew() {
    RequestHead head = new RequestHead(Settings.Limits.DEFAULT);
    Identity identity = new Identity(Cuts.bytes(PEER), Cuts.bytes(scheme), Cuts.bytes("80"));
    String get = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (String lines : List.of("X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n", "")) {
      head.reset();
      head.feed(Unpooled.wrappedBuffer(Cuts.bytes(get + lines + "\r\n")));
      identity.begin(head, ForwardedRules.of(proxies()));
      assertThat(identity.isHttps()).isEqualTo(!lines.isEmpty());
      assertThat(identity.addressEnd() - identity.addressStart())
          .isEqualTo((lines.isEmpty() ? PEER : "192.0.2.7").length());
    }
    identity.begin(head, null);
    assertThat(identity.forwarded()).isNull();
  }
}
