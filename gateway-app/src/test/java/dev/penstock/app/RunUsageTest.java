package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunUsageTest {
  @TempDir Path directory;

  @BeforeEach
  void nothingToServe() throws IOException {
    Files.writeString(directory.resolve("empty.yaml"), "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--http-port x          | Invalid value for option '--http-port': 'x' is not a number from 0 to 65535; see 'penstock run --help'",
        "--public-https-port 0  | Invalid value for option '--public-https-port': '0' is not a number from 1 to 65535; see 'penstock run --help'",
        "--event-loops 0        | Invalid value for option '--event-loops': '0' is not a number from 1 to 1024; see 'penstock run --help'",
        "--max-connections 0    | Invalid value for option '--max-connections': '0' is not a number from 1 to 1000000; see 'penstock run --help'",
        "--drain-min 10         | Invalid value for option '--drain-min': '10' is not a duration such as 500ms, 10s, 2m or 1h; see 'penstock run --help'",
        "--access-log-format x  | Invalid value for option '--access-log-format': 'x' is neither nginx nor json, and holds no $variable; see 'penstock run --help'",
        "--access-log-format $x | Invalid value for option '--access-log-format': log format: unknown variable '$x'; see 'penstock run --help'",
        "--metrics-names x      | Invalid value for option '--metrics-names': 'x' is none of both, penstock, nginx; see 'penstock run --help'",
        "--metrics-series-max -1| Invalid value for option '--metrics-series-max': '-1' is not a number from 0 to 1000000; see 'penstock run --help'",
        "--transport kqueue     | Invalid value for option '--transport': 'kqueue' is none of auto, io_uring, epoll, nio; see 'penstock run --help'",
        "--http-prot 80         | Unknown options: '--http-prot', '80' (did you mean --http-port?); see 'penstock run --help'",
      })
  void aWrongFlagIsOneLine(String flag, String message) {
    assertUsage(run(flag.split(" ")), "penstock run: " + message);
  }

  @Test
  void configIsRequired() {
    assertUsage(
        Ran.penstock("run"),
        "penstock run: Missing required option: '--config=DIR|FILE'; see 'penstock run --help'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void anEmptyPathIsNotTheWorkingDirectory(String path) {
    String is = "'" + path + "' is empty: name a directory or a file; see 'penstock ";
    assertUsage(
        Ran.penstock("run", "--config", path),
        "penstock run: Invalid value for option '--config': " + is + "run --help'");
    assertUsage(
        Ran.penstock("check", path),
        "penstock check: Invalid value for positional parameter at index 0 (DIR|FILE): "
            + is
            + "check --help'");
  }

  @Test
  void aDrainShorterThanAcceptingIsRefused() {
    assertUsage(
        run("--drain-min", "70s"),
        "penstock: --drain-timeout 60s is shorter than --drain-min 70s: requests need at least as"
            + " long as connections are accepted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\r\nb: c", "ä"})
  void aServerHeaderThatIsNoneIsRefused(String value) {
    assertUsage(
        run("--server-header", value),
        "penstock: --server-header must be 1 to 64 printable characters of ASCII, without spaces"
            + " around them");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "settings", "/settings", "penstock/", "pen.stock/x", "a/b/c", "A/b"})
  void aConfigMapIsNamedWithItsNamespace(String name) {
    assertUsage(
        run("--configmap", name),
        "penstock: --configmap '"
            + name
            + "' names no ConfigMap: write NAMESPACE/NAME, as penstock/penstock");
  }

  @Test
  void onlyAddressesAreBound() {
    assertUsage(
        run("--bind", "localhost"),
        "penstock: --bind 'localhost' is not an IP address: use one such as 127.0.0.1, 0.0.0.0 or"
            + " ::");
  }

  @Test
  void bothListenersOnOnePortAreNamed() {
    assertUsage(
        run("--http-port", "18080", "--https-port", "18080"),
        "penstock: --http-port and --https-port are both 18080: give each a port of its own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http-port", "--https-port", "--admin-port"})
  void aPortInUseIsOneLineAndSaysWhichFlagToChange(String flag) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ran ran = run("--bind", "127.0.0.1", flag, Integer.toString(taken.getLocalPort()));
      assertThat(ran.err())
          .startsWith("penstock: ")
          .contains("127.0.0.1:" + taken.getLocalPort(), flag)
          .containsOnlyOnce("\n");
      assertThat(ran.exitCode()).isEqualTo(2);
    }
  }

  /** Without an access log: closing it would close the standard output of the test's JVM. */
  private Ran run(String... flags) {
    List<String> arguments =
        new ArrayList<>(List.of("run", "--no-access-log", "--config=" + directory));
    List<String> given = List.of(flags);
    for (String port : List.of("--admin-port", "--http-port", "--https-port")) {
      if (!given.contains(port)) arguments.add(port + "=0");
    }
    arguments.addAll(given);
    return Ran.penstock(arguments.toArray(String[]::new));
  }

  private static void assertUsage(Ran ran, String line) {
    assertThat(ran.err()).isEqualTo(line + "\n");
    assertThat(ran.out()).isEmpty();
    assertThat(ran.exitCode()).isEqualTo(2);
  }
}
