package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The signals of log rotation, sent to a process of its own. */
class LogSignalsTest {
  @TempDir private Path directory;

  /** {@code penstock run} from the classes of this test, so that no distribution is needed. */
  private Distribution serving(String... flags) throws Exception {
    Files.writeString(directory.resolve("empty.yaml"), "");
    List<String> arguments =
        new ArrayList<>(
            List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "run"));
    arguments.addAll(List.of("--config", directory.toString(), "--bind", "127.0.0.1"));
    arguments.addAll(List.of("--http-port", "0", "--https-port", "0", "--admin-port", "0"));
    arguments.addAll(List.of("--drain-min", "0s"));
    arguments.addAll(List.of(flags));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Distribution gateway = Distribution.start(java, Map.of(), arguments);
    gateway.awaitErr("none yet: every request is answered 404");
    return gateway;
  }

  @Test
  void withoutALogFileTheyDoNothing() throws Exception {
    try (Distribution gateway = serving()) {
      for (String signal : List.of("HUP", "USR1")) {
        gateway.signal(signal);
        int number = signal.equals("HUP") ? 1 : 10;
        gateway.awaitErr("signal " + number + ": there is no --access-log-file to open anew");
      }
      gateway.terminate();
      assertThat(gateway.awaitExit()).isZero();
    }
  }

  @Test
  void withALogFileTheyOpenItAnew() throws Exception {
    Path log = directory.resolve("access.log");
    try (Distribution gateway = serving("--access-log-file", log.toString())) {
      for (String signal : List.of("HUP", "USR1")) {
        Files.delete(log);
        gateway.signal(signal);
        Await.until("the file is there again", () -> Files.exists(log));
      }
      assertThat(gateway.isAlive()).isTrue();
    }
  }
}
