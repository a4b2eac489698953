package dev.penstock.core.observe;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  private static final LogFormat NUMBERED =
      new LogFormat.Text(LogTemplate.compile("$request_length $http_user_agent"));

  /** Takes what it is given, in small bites; opens only when told. */
  private static final class Target implements WritableByteChannel {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final CountDownLatch opened = new CountDownLatch(1);
    private volatile boolean refuses;
    private final AtomicInteger bitesLeft = new AtomicInteger(Integer.MAX_VALUE);
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
      if (refuses || bitesLeft.getAndDecrement() <= 0) throw new IOException("no space left");
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
  void aFileThatIsRenamedUnderLoadLosesAndTearsNoLine(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("access.log");
    AccessLog log =
        AccessLog.open(NUMBERED, () -> FileChannel.open(file, CREATE, WRITE, APPEND), 2);
    int lines = 40_000;
    AtomicInteger running = new AtomicInteger(2);
    for (int i = 0; i < 2; i++) {
      int loop = i;
      Thread.ofPlatform()
          .start(() -> {
            for (int n = 0; n < lines; n++) log(log, loop, n);
            log.forLoop(loop).flush();
            running.decrementAndGet();
          });
    }
    List<Path> rotated = new ArrayList<>();
    while (running.get() > 0 || rotated.size() < 3) {
      Path away = directory.resolve("access.log." + rotated.size());
      Files.move(file, away);
      rotated.add(away);
      log.reopen();
      Await.until("the file is there again", () -> Files.exists(file));
    }
    log.close();
    rotated.add(file);
    int[] next = new int[2];
    long read = 0;
    Pattern whole = Pattern.compile("(\\d+) loop([01])x{500}");
    for (Path each : rotated) {
      for (String line : Files.readAllLines(each, StandardCharsets.ISO_8859_1)) {
        Matcher matcher = whole.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        int loop = Integer.parseInt(matcher.group(2));
        assertThat(Integer.parseInt(matcher.group(1))).isGreaterThanOrEqualTo(next[loop]);
        next[loop] = Integer.parseInt(matcher.group(1)) + 1;
        read++;
      }
    }
    assertThat(read).isEqualTo(2L * lines - log.droppedLines()).isEqualTo(log.writtenLines());
    assertThat(read).isGreaterThan(lines / 4);
  }

  @Test
  void aTargetThatCannotBeOpenedAnewIsKept() throws IOException {
    Target target = Target.open();
    AtomicBoolean first = new AtomicBoolean(true);
    AtomicInteger tried = new AtomicInteger();
    try (AccessLog log =
        AccessLog.open(
            NUMBERED,
            () -> {
              tried.incrementAndGet();
              if (first.getAndSet(false)) return target;
              throw new IOException("for the test");
            },
            1)) {
      log.reopen();
      Await.until("it was tried", () -> tried.get() == 2);
      log(log, 0, 7);
    }
    assertThat(target.text()).startsWith("7 loop0");
    assertThat(target.isOpen()).isFalse();
  }

  @Test
  void aLineThatTheTargetTookHalfDoesNotSpoilTheNext() {
    Target target = Target.open();
    target.bitesLeft.set(1);
    AccessLog log = AccessLog.open(NUMBERED, target, 1);
    for (int i = 0; i < 10; i++) log(log, 0, i);
    log.forLoop(0).flush();
    Await.until("the lines are counted", () -> log.droppedLines() == 9); // one was whole
    target.bitesLeft.set(Integer.MAX_VALUE);
    log(log, 0, 11);
    log.close();
    assertThat(target.text().lines().toList()).last().asString().startsWith("11 loop0");
    assertThat(log.writtenLines()).isEqualTo(2);
  }

  @Test
  void whatIsWrittenIsCounted() {
    Target target = Target.open();
    AccessLog log = AccessLog.open(NUMBERED, target, 1);
    for (int i = 0; i < 10; i++) log(log, 0, i);
    log.close();
    assertThat(log.writtenLines()).isEqualTo(10);
    assertThat(log.writtenBytes()).isEqualTo(target.text().length());
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
