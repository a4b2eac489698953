package dev.penstock.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Origin;
import dev.penstock.testkit.Ports;
import dev.penstock.testkit.TestCertificate;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code penstock probe} says of a peer that does what the test wants. */
class ProbeCommandTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  /** Through loopback, whatever the host of the URL. */
  private static Ran probe(String... arguments) {
    List<String> all = new ArrayList<>(List.of("probe", "--through=127.0.0.1"));
    all.addAll(List.of(arguments));
    return Ran.penstock(all.toArray(String[]::new));
  }

  @Test
  void theHostOfTheUrlIsAskedForWhereverItConnects() {
    try (Origin gateway = Origin.answering(OK)) {
      String url = "http://shop.example.com:" + gateway.port() + "/a?b=c";

      assertThat(probe(url)).isEqualTo(new Ran(ExitCode.OK, url + ": 200\n", ""));
      assertThat(gateway.awaitRequests(1).target()).isEqualTo("/a?b=c");
      assertThat(gateway.awaitRequests(1).value("Host"))
          .isEqualTo("shop.example.com:" + gateway.port());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 |     | 0 | 404",
        "404 | 200 | 1 | 404, expected 200: no Ingress matches this host and path, or the backend has none",
        "503 |     | 1 | 503, expected a status below 500: the Service has no ready pod, or the Ingress asks for what is not in force",
        "503 | 503 | 0 | 503",
      })
  void aStatusIsRightBelow500OrWhenItIsExpected(
      int status, String expected, int exitCode, String says) {
    try (Origin gateway = Origin.answering("HTTP/1.1 " + status + " \r\n\r\n")) {
      String url = "http://shop.example.com:" + gateway.port();
      Ran ran = expected == null ? probe(url) : probe("--expect", expected, url);

      assertThat(ran.out()).isEqualTo(url + ": " + says + "\n");
      assertThat(ran.exitCode()).isEqualTo(exitCode);
    }
  }

  @Test
  void aCertificateIsCheckedUnlessItIsInsecure() {
    try (Origin gateway =
        Origin.replying(
            TestCertificate.ec("other.example.com"),
            (request, connection) -> connection.send(OK))) {
      String url = "https://shop.example.com:" + gateway.port() + "/";

      Ran checked = probe(url);
      assertThat(checked.out()).startsWith(url + ": no TLS with 127.0.0.1 port ");
      assertThat(checked.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(probe("--insecure", url).out()).isEqualTo(url + ": 200\n");
    }
  }

  @Test
  void theHeaderOfALoadBalancerGoesFirst() throws Exception {
    try (ServerSocket gateway = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ExecutorService peer = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<String>> lines =
          peer.submit(() -> {
            try (Socket connection = gateway.accept()) {
              var in =
                  new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII));
              List<String> read = in.lines().takeWhile(line -> !line.isEmpty()).toList();
              connection.getOutputStream().write(OK.getBytes(US_ASCII));
              return read;
            }
          });
      String url = "http://shop.example.com:" + gateway.getLocalPort();

      assertThat(probe("--proxy-protocol", url).out()).isEqualTo(url + ": 200\n");
      assertThat(lines.get()).startsWith("PROXY UNKNOWN", "GET / HTTP/1.1");
    }
  }

  @Test
  void whatIsWrongIsSaidAndTheOthersAreAskedAllTheSame() {
    try (Origin gateway = Origin.answering(OK);
        Origin other = Origin.answering("SSH-2.0-OpenSSH\r\n")) {
      String nobody = "http://shop.example.com:" + Ports.closed();
      String noHttp = "http://shop.example.com:" + other.port();
      String good = "http://shop.example.com:" + gateway.port();
      Ran ran = probe(nobody, noHttp, good);

      assertThat(ran.out().lines())
          .satisfiesExactly(
              line -> assertThat(line).startsWith(nobody + ": nobody listens on 127.0.0.1 port"),
              line -> assertThat(line).startsWith(noHttp + ": the answer is not HTTP/1.1"),
              line -> assertThat(line).isEqualTo(good + ": 200"));
      assertThat(ran.exitCode()).isEqualTo(ExitCode.UNREACHABLE);
    }
  }

  @Test
  void aPeerThatSaysNothingIsLate() {
    try (Origin gateway = Origin.playing(connection -> connection.hold())) {
      assertThat(probe("--timeout=50ms", "http://shop.example.com:" + gateway.port()).out())
          .contains("within 50ms: a NetworkPolicy");
    }
  }

  @ParameterizedTest
  @CsvSource({"ftp://shop.example.com", "shop.example.com", "http:///path", "http://a:70000"})
  void anythingButAUrlOfTheWebIsRefused(String text) {
    Ran ran = probe(text);

    assertThat(ran.err()).contains("'" + text + "' is not http://HOST[:PORT][/PATH], or https");
    assertThat(ran.exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
