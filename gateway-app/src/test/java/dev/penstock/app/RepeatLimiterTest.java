package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatLimiterTest {
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> passed = new ListAppender<>();
  private final RepeatLimiter limiter = new RepeatLimiter(context, passed);
  private long now = 1_000_000;

  @BeforeEach
  void start() {
    passed.start();
    limiter.start();
  }

  private void say(String message) {
    LoggingEvent event =
        new LoggingEvent("", context.getLogger("a.Place"), Level.WARN, message, null, null);
    event.setTimeStamp(now);
    limiter.doAppend(event);
  }

  private List<String> lines() {
    return passed.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void equalLinesAreKeptBackAndCounted() {
    for (int i = 0; i < 1000; i++) say("again");
    assertThat(lines()).hasSize(RepeatLimiter.LINES_MAX).containsOnly("again");
    now += RepeatLimiter.WINDOW_MILLIS;
    say("something else");
    assertThat(lines())
        .endsWith(
            "said " + (1000 - RepeatLimiter.LINES_MAX) + " more times: again", "something else");
    say("again");
    assertThat(lines()).endsWith("again");
    assertThat(passed.list.get(RepeatLimiter.LINES_MAX).getLevel()).isEqualTo(Level.WARN);
    assertThat(passed.list.get(RepeatLimiter.LINES_MAX).getLoggerName()).isEqualTo("a.Place");
  }

  @Test
  void differentLinesPass() {
    for (int i = 0; i < 1000; i++) say("line " + i);
    assertThat(lines()).hasSize(1000);
  }

  @Test
  void aFewEqualLinesAreNotSummedUp() {
    for (int i = 0; i < RepeatLimiter.LINES_MAX; i++) say("again");
    now += RepeatLimiter.WINDOW_MILLIS;
    say("last");
    assertThat(lines()).hasSize(RepeatLimiter.LINES_MAX + 1).endsWith("last");
  }

  @Test
  void whatIsForgottenForLackOfRoomIsSummedUp() {
    for (int i = 0; i < RepeatLimiter.LINES_MAX + 2; i++) say("again");
    for (int i = 0; i < RepeatLimiter.KNOWN_MAX; i++) say("line " + i);
    assertThat(lines()).contains("said 2 more times: again");
  }
}
