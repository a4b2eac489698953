package dev.penstock.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  private static final LogFormat NUMBERED =
      new LogFormat.Text(LogTemplate.compile("$request_length $http_user_agent"));

  /** Takes what it is given, in small bites; opens only when told. */
  private static final class Target implements WritableByteChannel {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile boolean refuses;
    private volatile boolean closed;

    static Target open() {
      Target target = new Target();
      target.opened.countDown();
      return target;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      try {
        opened.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      if (refuses) throw new IOException("no space left");
      byte[] bite = new byte[Math.min(from.remaining(), 1000)];
      from.get(bite);
      synchronized (taken) {
        taken.writeBytes(bite);
      }
      return bite.length;
    }

    String text() {
      synchronized (taken) {
        return taken.toString(StandardCharsets.ISO_8859_1);
      }
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static void log(AccessLog log, int loop, int number) {
    ExchangeRecord record = Samples.bare();
    record.requestLength = number;
    record.userAgent.set(Samples.bytes("loop" + loop + "x".repeat(500)));
    log.forLoop(loop).log(record);
  }

  @Test
  void closeWritesEveryLineOfEveryLoopInItsOrder() {
    Target target = Target.open();
    AccessLog log = AccessLog.open(NUMBERED, target, 2);
    for (int i = 0; i < 400; i++) {
      log(log, 0, i);
      log(log, 1, i);
    }
    log.close();
    for (int loop = 0; loop < 2; loop++) {
      Matcher lines = Pattern.compile("(\\d+) loop" + loop + "x{500}\n").matcher(target.text());
      for (int i = 0; i < 400; i++) {
        assertThat(lines.find()).isTrue();
        assertThat(lines.group(1)).isEqualTo(Integer.toString(i));
      }
      assertThat(lines.find()).isFalse();
    }
    assertThat(log.droppedLines()).isZero();
    assertThat(target.isOpen()).isFalse();
  }

  @Test
  void aFlushedLineIsWrittenWithoutMoreLines() {
    Target target = Target.open();
    try (AccessLog log = AccessLog.open(NUMBERED, target, 1)) {
      log(log, 0, 7);
      log.forLoop(0).flush();
      Await.until("the line is there", () -> target.text().startsWith("7 loop0"));
    }
  }

  @Test
  void aTargetThatStandsStillCostsLinesAndNoTime() {
    Target target = new Target();
    AccessLog log = AccessLog.open(NUMBERED, target, 1);
    int lines = 20_000; // some 10 MB; eight blocks hold half a megabyte
    for (int i = 0; i < lines; i++) log(log, 0, i);
    long dropped = log.droppedLines();
    assertThat(dropped).isBetween(lines - 1300L, lines - 900L);
    target.opened.countDown();
    log.close();
    assertThat(target.text().lines().count()).isEqualTo(lines - dropped);
    assertThat(target.text()).startsWith("0 loop0");
  }

  @Test
  void linesThatTheTargetRefusesAreCountedAndLaterOnesWritten() {
    Target target = Target.open();
    target.refuses = true;
    AccessLog log = AccessLog.open(NUMBERED, target, 1);
    for (int i = 0; i < 10; i++) log(log, 0, i);
    log.forLoop(0).flush();
    Await.until("the lines are counted", () -> log.droppedLines() == 10);
    target.refuses = false;
    log(log, 0, 11);
    log.close();
    assertThat(target.text()).startsWith("11 loop0");
    assertThat(log.droppedLines()).isEqualTo(10);
  }

  @Test
  void aLineAllocatesNothing() {
    for (LogFormat format : new LogFormat[] {LogFormat.ingressNginx(), LogFormat.json()}) {
      Target target = Target.open();
      try (AccessLog log = AccessLog.open(format, target, 1)) {
        AccessLog.LoopLog loop = log.forLoop(0);
        ExchangeRecord record = Samples.full();
        loop.log(record);
        Runnable hundred =
            () -> {
              for (int i = 0; i < 100; i++) loop.log(record);
            };
        assertThat(Samples.allocatedBytes(hundred)).isZero();
      }
    }
  }

  @Test
  void aLogThatIsOffTakesLinesAndDoesNothing() {
    try (AccessLog log = AccessLog.off(1)) {
      log(log, 0, 1);
      log.forLoop(0).flush();
      assertThat(log.droppedLines()).isZero();
    }
  }
}
