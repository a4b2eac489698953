package dev.penstock.app;

import dev.penstock.ingress.source.kubernetes.WriterSettings;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code penstock ingress}: serves the Ingresses of a cluster until it is told to stop. */
final class IngressCommand implements Command {
  /** In a pod the kubelet asks from outside. */
  private static final String EVERYWHERE = "0.0.0.0";

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("ingress");
    spec.usageMessage()
        .description("Serves the Ingresses of a Kubernetes cluster: the command of its pod.")
        .footer(
            "",
            "Times are written 500ms, 10s, 2m or 1h. SIGTERM drains, a second one ends at once.",
            "POD_NAME, POD_NAMESPACE and POD_IPS are read from the environment (downward API).");
    WriterOptions.declare(ClusterOptions.declare(spec));
    return ServeOptions.declare(spec, EVERYWHERE).addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure, InterruptedException {
    ServeOptions serve = ServeOptions.of(parsed);
    ClusterOptions cluster = ClusterOptions.of(parsed);
    Map<String, String> environment = System.getenv();
    Optional<WriterSettings> writers = WriterOptions.of(parsed, environment);
    ServingSignals signals = ServingSignals.ofProcess();
    LogSetup.use(LogSetup.Style.of(serve.logFormat()));
    AotUse.report();
    try (ClusterGateway gateway =
        ClusterGateway.start(serve, cluster, writers, environment, signals)) {
      return Serving.untilStopped(gateway.process(), serve, gateway.from(), terminal);
    }
  }
}
