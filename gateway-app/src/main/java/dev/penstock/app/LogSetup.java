package dev.penstock.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * How the process logs: to standard error, since standard output belongs to the access log; as text
 * for people, as JSON for collectors. In code and not in XML, because reading logback's XML costs a
 * tenth of the start-up. Found by logback through {@code META-INF/services}.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\"} %-5level %logger{0}: %msg%replace( %kvp){'^ $', ''}%n";

  /** Libraries that say at INFO what nobody can act on. */
  private static final List<String> QUIET = List.of("io.netty", "io.vertx");

  /** How lines look. */
  enum Style {
    TEXT,
    JSON;

    /** {@code auto}: text on a terminal, else JSON. */
    static Style of(String name) {
      return switch (name) {
        case "text" -> TEXT;
        case "json" -> JSON;
        default -> isTerminal() ? TEXT : JSON;
      };
    }

    /** Of standard error. Java knows only of the console as a whole, Linux of each descriptor. */
    private static boolean isTerminal() {
      try {
        String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
      } catch (IOException | UnsupportedOperationException noLinux) {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
      }
    }
  }

  private static volatile Style style = Style.TEXT;
  private static volatile Style configured = Style.TEXT;

  /** To be called before much is logged: lines from now on look like this. */
  static void use(Style wanted) {
    style = wanted;
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (configured == wanted) return;
    context.reset();
    LogSetup setup = new LogSetup();
    setup.setContext(context);
    setup.configure(context);
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    configured = style;
    configure(context, configured);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  void configure(LoggerContext context, Style by) {
    EncoderBase<ILoggingEvent> encoder = by == Style.JSON ? json() : text();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    ch.qos.logback.classic.Logger root =
        context.getLogger(ch.qos.logback.classic.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    RepeatLimiter limiter = new RepeatLimiter(context, appender);
    limiter.start();
    root.addAppender(limiter);
    QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
    // A client that never reads its close_notify is no news.
    context.getLogger("io.netty.handler.ssl.SslHandler").setLevel(Level.ERROR);
  }

  /** Without the escape that JSON allows and does not need: the log is full of paths. */
  private static final class ReadableJson extends JsonEncoder {
    @Override
    public byte[] encode(ILoggingEvent event) {
      String line = new String(super.encode(event), StandardCharsets.UTF_8);
      return line.replace("\\/", "/").getBytes(StandardCharsets.UTF_8);
    }
  }

  private static EncoderBase<ILoggingEvent> text() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(PATTERN);
    return encoder;
  }

  private static EncoderBase<ILoggingEvent> json() {
    JsonEncoder encoder = new ReadableJson();
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMDC(false);
    encoder.setWithMarkers(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    return encoder;
  }
}
