package dev.penstock.app;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * The flags of the webhook, but for those of whatever reads a cluster.
 *
 * @param port of HTTPS; 0 = any free one
 * @param conflictsAreDenied {@code --conflicts=deny}
 */
record WebhookOptions(
    String bind,
    int port,
    String adminBind,
    int adminPort,
    Path certificate,
    Path key,
    boolean conflictsAreDenied,
    String logFormat) {

  static CommandSpec declare(CommandSpec spec) {
    return spec.addOption(Flags.required("--tls-cert", "FILE", "certificate chain, PEM; read anew"))
        .addOption(Flags.required("--tls-key", "FILE", "its private key, PEM; read anew"))
        .addOption(Flags.port("--port", 0, 8443, "port of the webhook; 0 = any free one"))
        .addOption(Flags.text("--bind", "ADDRESS", "0.0.0.0", "address of the webhook"))
        .addOption(
            Flags.port(
                "--admin-port", 0, 10254, "port of /healthz, /readyz, /metrics; 0 = any free one"))
        .addOption(Flags.text("--admin-bind", "ADDRESS", "0.0.0.0", "address of the admin port"))
        .addOption(
            Flags.choice(
                List.of("--conflicts"),
                "WHAT",
                List.of("deny", "warn"),
                "an Ingress with a host and path that another one has"))
        .addOption(
            Flags.choice(
                List.of("--log-format"),
                "FORMAT",
                ServeOptions.PROCESS_LOG_FORMATS,
                "format of the process's log"));
  }

  static WebhookOptions of(ParseResult parsed) throws CliFailure {
    return new WebhookOptions(
        ServeOptions.address(parsed, "--bind"),
        Flags.value(parsed, "--port", Integer.class),
        ServeOptions.address(parsed, "--admin-bind"),
        Flags.value(parsed, "--admin-port", Integer.class),
        Path.of(Flags.value(parsed, "--tls-cert", String.class)),
        Path.of(Flags.value(parsed, "--tls-key", String.class)),
        Flags.value(parsed, "--conflicts", String.class).equals("deny"),
        Flags.value(parsed, "--log-format", String.class));
  }
}
