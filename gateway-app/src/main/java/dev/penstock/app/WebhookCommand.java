package dev.penstock.app;

import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock webhook}: answers the API server about objects before it stores them. */
final class WebhookCommand implements Command {
  /**
   * How long it goes on to accept after the first stop signal: until every API server has heard
   * that its endpoint is gone.
   */
  private static final Duration DRAIN_MIN = Duration.ofSeconds(5);

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("webhook");
    spec.usageMessage()
        .description(
            "Answers the API server about Ingresses before they are stored: the admission webhook.")
        .footer(
            "",
            "The flags that name classes, namespaces and ConfigMaps have to be the controller's.",
            "POST /validate is the only request that is answered.");
    return WebhookOptions.declare(ClusterOptions.declareJudging(spec)).addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
    WebhookOptions options = WebhookOptions.of(parsed);
    LogSetup.use(LogSetup.Style.of(options.logFormat()));
    AotUse.report();
    try (Webhook webhook = Webhook.start(options, ClusterOptions.of(parsed))) {
      StopSignals signals = StopSignals.listen();
      terminal
          .err()
          .println(
              "penstock %s answers reviews of %s%n  webhook  https://%s/validate%n  admin    http://%s/  healthz, readyz, metrics"
                  .formatted(
                      VersionCommand.version(),
                      webhook.from(),
                      authority(options.bind(), webhook.port()),
                      authority(options.adminBind(), webhook.adminPort())));
      int first = signals.take();
      terminal
          .err()
          .println(
              "signal %d: reviews are accepted for %s; again to end at once"
                  .formatted(first, Durations.format(DRAIN_MIN)));
      webhook.drain();
      Integer second = signals.poll(DRAIN_MIN);
      return second == null ? ExitCode.OK : ExitCode.signal(second);
    }
  }

  private static String authority(String address, int port) {
    return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
  }
}
