package dev.penstock.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Passes lines on, but of equal ones only {@link #LINES_MAX} in a {@link #WINDOW_MILLIS}: what goes
 * wrong a thousand times a second must not fill a disk or hide what else is said. How many were
 * kept back is said once their time is over, with the next line of whatever kind.
 */
final class RepeatLimiter extends UnsynchronizedAppenderBase<ILoggingEvent> {
  static final int LINES_MAX = 5;
  static final long WINDOW_MILLIS = 60_000;

  /** Different lines that are remembered; of more, the one that was new first is forgotten. */
  static final int KNOWN_MAX = 256;

  /** By so much of its text a line is known again. */
  private static final int KEY_CHARS_MAX = 300;

  private static final String FQCN = RepeatLimiter.class.getName();

  private final LoggerContext loggers;
  private final Appender<ILoggingEvent> target;
  private final Map<String, Repeats> known = new LinkedHashMap<>();

  /** One line in its present window. */
  private static final class Repeats {
    final ILoggingEvent first;
    int lines;

    Repeats(ILoggingEvent first) {
      this.first = first;
    }

    int keptBack() {
      return Math.max(0, lines - LINES_MAX);
    }
  }

  RepeatLimiter(LoggerContext loggers, Appender<ILoggingEvent> target) {
    this.loggers = loggers;
    this.target = target;
    setContext(loggers);
  }

  @Override
  protected void append(ILoggingEvent event) {
    List<ILoggingEvent> due = new ArrayList<>(1);
    synchronized (known) {
      forgetOld(event.getTimeStamp(), due);
      Repeats repeats = known.computeIfAbsent(key(event), key -> new Repeats(event));
      if (++repeats.lines <= LINES_MAX) due.add(event);
      if (known.size() > KNOWN_MAX) {
        Iterator<Repeats> oldest = known.values().iterator();
        sum(oldest.next(), due);
        oldest.remove();
      }
    }
    due.forEach(target::doAppend);
  }

  private static String key(ILoggingEvent event) {
    String message = String.valueOf(event.getFormattedMessage());
    int end = Math.min(message.length(), KEY_CHARS_MAX);
    return event.getLevel() + event.getLoggerName() + message.substring(0, end);
  }

  private void forgetOld(long nowMillis, List<ILoggingEvent> due) {
    Iterator<Repeats> all = known.values().iterator();
    while (all.hasNext()) {
      Repeats each = all.next();
      if (nowMillis - each.first.getTimeStamp() < WINDOW_MILLIS) return; // the rest is younger
      sum(each, due);
      all.remove();
    }
  }

  private void sum(Repeats repeats, List<ILoggingEvent> due) {
    if (repeats.keptBack() == 0) return;
    ILoggingEvent first = repeats.first;
    String message = "said " + repeats.keptBack() + " more times: " + first.getFormattedMessage();
    Logger logger = loggers.getLogger(first.getLoggerName());
    due.add(new LoggingEvent(FQCN, logger, first.getLevel(), message, null, null));
  }
}
