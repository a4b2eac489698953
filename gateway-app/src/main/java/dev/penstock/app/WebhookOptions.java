package dev.penstock.app;

import dev.penstock.app.WebhookCertificate.From;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.kubernetes.CertificateKeeper;
import dev.penstock.ingress.source.kubernetes.Election;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
    From certificate,
    boolean conflictsAreDenied,
    String logFormat) {
  /** Those of a ValidatingWebhookConfiguration that is ours. */
  static final List<String> WEBHOOKS = List.of("ingresses.penstock.dev", "settings.penstock.dev");

  private static final String LEASE = "penstock-webhook-leader";
  private static final List<String> OF_FILES = List.of("--tls-cert", "--tls-key");
  private static final List<String> OF_A_SECRET =
      List.of("--certificate-secret", "--service", "--webhook-configuration");

  static CommandSpec declare(CommandSpec spec) {
    return spec.addOption(Flags.text("--tls-cert", "FILE", "certificate chain, PEM; read anew"))
        .addOption(Flags.text("--tls-key", "FILE", "its private key, PEM; read anew"))
        .addOption(
            Flags.text(
                "--certificate-secret",
                "NAMESPACE/NAME",
                "instead of files: keep the certificate in this Secret, made and renewed by the"
                    + " leader of the replicas"))
        .addOption(
            Flags.text("--service", "NAMESPACE/NAME", "the webhook's Service: the name in it"))
        .addOption(
            Flags.text(
                "--webhook-configuration",
                "NAME",
                "the ValidatingWebhookConfiguration that is told whom to trust"))
        .addOption(
            Flags.text(
                "--election-id",
                "NAME",
                LEASE,
                "the Lease that the leader holds, in the namespace of the Secret"))
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
        certificate(parsed),
        Flags.value(parsed, "--conflicts", String.class).equals("deny"),
        Flags.value(parsed, "--log-format", String.class));
  }

  private static From certificate(ParseResult parsed) throws CliFailure {
    long ofFiles = given(parsed, OF_FILES);
    long ofSecret = given(parsed, OF_A_SECRET);
    boolean isOne =
        ofFiles == OF_FILES.size() && ofSecret == 0
            || ofFiles == 0 && ofSecret == OF_A_SECRET.size();
    if (!isOne) {
      throw CliFailure.usage(
          "the webhook needs a certificate: either of "
              + String.join(" and ", OF_FILES)
              + ", or of "
              + String.join(", ", OF_A_SECRET));
    }
    return ofSecret == 0
        ? new From.Files(
            new KeyFiles(Path.of(text(parsed, "--tls-cert")), Path.of(text(parsed, "--tls-key"))))
        : new From.Secret(kept(parsed));
  }

  private static long given(ParseResult parsed, List<String> flags) {
    return flags.stream().filter(flag -> !text(parsed, flag).isEmpty()).count();
  }

  private static CertificateKeeper.Settings kept(ParseResult parsed) throws CliFailure {
    String flag = "--certificate-secret";
    ObjectKey secret = WriterOptions.key(flag, text(parsed, flag), false);
    ObjectKey service = WriterOptions.key("--service", text(parsed, "--service"), false);
    ObjectKey lease =
        WriterOptions.key(
            "--election-id", secret.namespace() + "/" + text(parsed, "--election-id"), false);
    String name = service.name() + "." + service.namespace();
    return new CertificateKeeper.Settings(
        secret,
        text(parsed, "--webhook-configuration"),
        WEBHOOKS,
        List.of(name, name + ".svc"),
        new Election(lease, WriterOptions.TTL),
        WriterOptions.identity(System.getenv()));
  }

  private static String text(ParseResult parsed, String flag) {
    return Optional.ofNullable(Flags.valueOrNull(parsed, flag, String.class)).orElse("").strip();
  }
}
