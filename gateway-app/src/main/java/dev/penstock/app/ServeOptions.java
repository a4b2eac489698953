package dev.penstock.app;

import dev.penstock.core.GatewayOptions;
import dev.penstock.core.host.TransportChoice;
import dev.penstock.core.observe.LogFormat;
import dev.penstock.core.observe.LogTemplate;
import dev.penstock.core.observe.MetricsMode;
import dev.penstock.core.observe.MetricsOptions;
import dev.penstock.model.Listener;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags of whatever serves traffic: ports, logs, metrics, event loops and the end.
 *
 * @param httpPort 0 = any free one, as every port here that is bound
 * @param bind address of both traffic listeners
 * @param publicHttpPort the port as clients see it: in X-Forwarded-Port and in redirects
 * @param stateDir where the last good state is kept; none = nowhere
 * @param eventLoops 0 = one for each processor
 * @param transport what drives the sockets
 * @param connectionsMax client connections, at most
 * @param serverHeader empty = none
 * @param drainMin how long connections are accepted after the first stop signal
 * @param drainTimeout how long requests may take after the first stop signal
 */
record ServeOptions(
    int httpPort,
    int httpsPort,
    int adminPort,
    String adminBind,
    String bind,
    int publicHttpPort,
    int publicHttpsPort,
    Optional<Path> stateDir,
    boolean accessLog,
    Optional<Path> accessLogFile,
    LogFormat accessLogFormat,
    MetricsOptions metrics,
    String logFormat,
    int eventLoops,
    TransportChoice transport,
    int connectionsMax,
    String serverHeader,
    Duration drainMin,
    Duration drainTimeout) {

  /** Event loops, at most: far above any machine's processors. */
  private static final int EVENT_LOOPS_MAX = 1_024;

  static final List<String> PROCESS_LOG_FORMATS = List.of("auto", "text", "json");
  private static final List<String> METRICS_NAMES = List.of("both", "penstock", "nginx");
  private static final List<String> METRICS_HISTOGRAMS = List.of("default", "all");

  /** Client connections, at most: what a kernel allows in descriptors, and no more. */
  private static final int CONNECTIONS_MAX = 1_000_000;

  static final List<String> LOG_FORMATS = List.of("nginx", "json");

  /**
   * @param adminBind the default: a pod's probes come from its node, a machine's from itself
   */
  static CommandSpec declare(CommandSpec spec, String adminBind) {
    return declareProcess(declareObservation(declareServing(spec, adminBind)));
  }

  private static CommandSpec declareServing(CommandSpec spec, String adminBind) {
    return spec.addOption(
            Flags.port("--http-port", 0, 8080, "port for plain HTTP; 0 = any free one"))
        .addOption(Flags.port("--https-port", 0, 8443, "port for HTTPS; 0 = any free one"))
        .addOption(
            Flags.port(
                "--admin-port",
                0,
                10254,
                "port of /healthz, /readyz, /metrics, /config; 0 = any free one"))
        .addOption(Flags.text("--admin-bind", "ADDRESS", adminBind, "address of the admin port"))
        .addOption(Flags.text("--bind", "ADDRESS", "0.0.0.0", "address of the traffic ports"))
        .addOption(Flags.port("--public-http-port", 1, 80, "the HTTP port as clients see it"))
        .addOption(Flags.port("--public-https-port", 1, 443, "the HTTPS port as clients see it"))
        .addOption(Flags.text("--state-dir", "DIR", "keep the last good state here"));
  }

  private static CommandSpec declareObservation(CommandSpec spec) {
    return spec.addOption(Flags.flag("--no-access-log", "write no access log"))
        .addOption(
            Flags.text(
                "--access-log-file",
                "FILE",
                "write it here and not to standard output; opened anew on SIGHUP and SIGUSR1"))
        .addOption(
            Flags.checked(
                "--access-log-format",
                "FORMAT",
                LOG_FORMATS,
                ServeOptions::logFormat,
                "nginx, json, or a text with nginx's $variables"))
        .addOption(
            Flags.choice(
                List.of("--log-format"),
                "FORMAT",
                PROCESS_LOG_FORMATS,
                "format of the process's log"))
        .addOption(
            Flags.choice(
                List.of("--metrics-names"), "NAMES", METRICS_NAMES, "names of the routes' metrics"))
        .addOption(
            Flags.choice(
                List.of("--metrics-histograms"),
                "WHICH",
                METRICS_HISTOGRAMS,
                "histograms of the routes"))
        .addOption(
            Flags.number(
                "--metrics-series-max",
                "N",
                0,
                MetricsOptions.SERIES_LIMIT,
                "series of routes, at most (default: " + MetricsOptions.SERIES_MAX + ")"));
  }

  private static CommandSpec declareProcess(CommandSpec spec) {
    return spec.addOption(
            Flags.number("--event-loops", "N", 1, EVENT_LOOPS_MAX, "(default: one per processor)"))
        .addOption(
            Flags.choice(
                List.of("--transport"),
                "NAME",
                TransportChoice.words(),
                "what drives the sockets; auto = the best one of this machine"))
        .addOption(
            Flags.number(
                "--max-connections",
                "N",
                1,
                CONNECTIONS_MAX,
                "client connections at most; fewer when the limit of open files is low (default: "
                    + GatewayOptions.CONNECTIONS_MAX
                    + ")"))
        .addOption(
            Flags.text("--server-header", "TEXT", "Server field of every answer (default: none)"))
        .addOption(
            Flags.duration(
                "--drain-min", Duration.ofSeconds(10), "accept connections this long on SIGTERM"))
        .addOption(
            Flags.duration(
                "--drain-timeout", Duration.ofSeconds(60), "cut requests this long after SIGTERM"));
  }

  static ServeOptions of(ParseResult parsed) throws CliFailure {
    ServeOptions options =
        new ServeOptions(
            Flags.value(parsed, "--http-port", Integer.class),
            Flags.value(parsed, "--https-port", Integer.class),
            Flags.value(parsed, "--admin-port", Integer.class),
            address(parsed, "--admin-bind"),
            address(parsed, "--bind"),
            Flags.value(parsed, "--public-http-port", Integer.class),
            Flags.value(parsed, "--public-https-port", Integer.class),
            Optional.ofNullable(Flags.valueOrNull(parsed, "--state-dir", String.class))
                .map(Path::of),
            !Flags.value(parsed, "--no-access-log", Boolean.class),
            Optional.ofNullable(Flags.valueOrNull(parsed, "--access-log-file", String.class))
                .map(Path::of),
            logFormat(Flags.value(parsed, "--access-log-format", String.class)),
            metrics(parsed),
            Flags.value(parsed, "--log-format", String.class),
            Optional.ofNullable(Flags.valueOrNull(parsed, "--event-loops", Integer.class))
                .orElse(0),
            TransportChoice.of(Flags.value(parsed, "--transport", String.class)),
            Optional.ofNullable(Flags.valueOrNull(parsed, "--max-connections", Integer.class))
                .orElse(GatewayOptions.CONNECTIONS_MAX),
            serverHeader(parsed),
            Flags.value(parsed, "--drain-min", Duration.class),
            Flags.value(parsed, "--drain-timeout", Duration.class));
    if (options.httpPort != 0 && options.httpPort == options.httpsPort) {
      throw CliFailure.usage(
          "--http-port and --https-port are both "
              + options.httpPort
              + ": give each a port of its own");
    }
    if (options.drainTimeout.compareTo(options.drainMin) < 0) {
      throw CliFailure.usage(
          "--drain-timeout %s is shorter than --drain-min %s: requests need at least as long as connections are accepted"
              .formatted(
                  Durations.format(options.drainTimeout), Durations.format(options.drainMin)));
    }
    return options;
  }

  private static String serverHeader(ParseResult parsed) throws CliFailure {
    String text = Flags.valueOrNull(parsed, "--server-header", String.class);
    if (text == null) return "";
    if (text.matches("[!-~]([ -~]{0," + (GatewayOptions.SERVER_CHARS_MAX - 2) + "}[!-~])?")) {
      return text;
    }
    throw CliFailure.usage(
        "--server-header must be 1 to %d printable characters of ASCII, without spaces around them"
            .formatted(GatewayOptions.SERVER_CHARS_MAX));
  }

  /** A name, or a template of one's own. */
  private static LogFormat logFormat(String text) {
    if (text.equals("nginx")) return LogFormat.ingressNginx();
    if (text.equals("json")) return LogFormat.json();
    if (text.indexOf('$') < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is neither nginx nor json, and holds no $variable");
    }
    return new LogFormat.Text(LogTemplate.compile(text));
  }

  private static MetricsOptions metrics(ParseResult parsed) {
    MetricsMode mode =
        switch (Flags.value(parsed, "--metrics-names", String.class)) {
          case "penstock" -> MetricsMode.NATIVE;
          case "nginx" -> MetricsMode.INGRESS_NGINX;
          default -> MetricsMode.BOTH;
        };
    return new MetricsOptions(
        mode,
        Flags.value(parsed, "--metrics-histograms", String.class).equals("all"),
        Optional.ofNullable(Flags.valueOrNull(parsed, "--metrics-series-max", Integer.class))
            .orElse(MetricsOptions.SERIES_MAX));
  }

  /** The traffic listeners: {@code http} and {@code https}. */
  List<Listener> listeners() {
    return List.of(
        new Listener("http", bind, httpPort, false, publicHttpPort),
        new Listener("https", bind, httpsPort, true, publicHttpsPort));
  }

  /** Only addresses: a name could mean several, or another one tomorrow. */
  static String address(ParseResult parsed, String flag) throws CliFailure {
    String text = Flags.value(parsed, flag, String.class);
    try {
      return InetAddress.ofLiteral(text).getHostAddress();
    } catch (IllegalArgumentException noAddress) {
      throw CliFailure.usage(
          "%s '%s' is not an IP address: use one such as 127.0.0.1, 0.0.0.0 or ::"
              .formatted(flag, text));
    }
  }
}
