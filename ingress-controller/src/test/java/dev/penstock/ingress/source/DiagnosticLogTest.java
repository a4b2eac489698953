package dev.penstock.ingress.source;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Source;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DiagnosticLogTest {
  private static final Diagnostic ERROR =
      Diagnostic.error(Source.of("Ingress", "ns", "a"), "spec", "wrong");
  private static final Diagnostic INFO =
      Diagnostic.info(Source.of("Ingress", "ns", "b"), "", "by the way");

  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("DiagnosticLogTest");
  private final DiagnosticLog log = new DiagnosticLog(logger);

  @BeforeEach
  void listen() {
    appender.start();
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
    logger.detachAndStopAllAppenders();
    appender.list.clear();
    appender.start();
    logger.addAppender(appender);
  }

  private List<String> lines() {
    return appender.list.stream().map(e -> e.getLevel() + " " + e.getFormattedMessage()).toList();
  }

  @Test
  void aDiagnosticIsLoggedWhenItComesAndWhenItGoes() {
    log.update(List.of(ERROR, INFO, ERROR));
    log.update(List.of(INFO, ERROR));
    log.update(List.of());
    log.update(List.of(ERROR));

    assertThat(lines())
        .containsExactly(
            "ERROR Ingress ns/a: error: spec: wrong",
            "INFO Ingress ns/b: info: by the way",
            "INFO no longer: Ingress ns/a: error: spec: wrong",
            "ERROR Ingress ns/a: error: spec: wrong");
  }

  @Test
  void aFloodIsCutAndCounted() {
    log.update(
        IntStream.range(0, 1_000)
            .mapToObj(i -> Diagnostic.error(Source.of("Ingress", "ns", "i" + i), "", "wrong"))
            .toList());

    assertThat(lines()).hasSize(201);
    assertThat(lines().getLast())
        .isEqualTo("WARN 800 more diagnostics; `penstock check` lists all");
  }
}
