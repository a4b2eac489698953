package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogSetupTest {
  /** What a logger of a context of its own writes. */
  private static String written(LogSetup.Style style) {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    LogSetup setup = new LogSetup();
    setup.setContext(context);
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      setup.configure(context, style);
      Logger logger = context.getLogger("dev.penstock.Place");
      logger.atWarn().addKeyValue("route", "a/b").log("it is \"so\"");
      logger.atDebug().log("not this");
      for (int i = 0; i < RepeatLimiter.LINES_MAX; i++) logger.info("again");
    } finally {
      context.stop();
      System.setErr(before);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    assertThat(text.lines()).hasSize(1 + RepeatLimiter.LINES_MAX);
    return text.lines().findFirst().orElseThrow();
  }

  @Test
  void textIsOneLineForPeople() {
    assertThat(written(LogSetup.Style.TEXT))
        .matches("\\S+ WARN  Place: it is \"so\" route=\"a/b\"");
  }

  @Test
  void jsonIsOneObjectALine() {
    assertThat(written(LogSetup.Style.JSON))
        .matches("\\{\"timestamp\":\\d+,.*\\}")
        .contains("\"level\":\"WARN\"", "\"loggerName\":\"dev.penstock.Place\"")
        .contains("\"formattedMessage\":\"it is \\\"so\\\"\"")
        .contains("\"kvpList\": [{\"route\":\"a/b\"}]");
  }

  @Test
  void theStyleIsChosenByName() {
    assertThat(LogSetup.Style.of("text")).isEqualTo(LogSetup.Style.TEXT);
    assertThat(LogSetup.Style.of("json")).isEqualTo(LogSetup.Style.JSON);
  }
}
