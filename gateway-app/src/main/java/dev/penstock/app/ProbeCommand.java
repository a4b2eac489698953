package dev.penstock.app;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** {@code penstock probe URL…}: what a client of a gateway gets; the test of the Helm chart. */
final class ProbeCommand implements Command {
  /** URLs of one command; more are a load test. */
  private static final int URLS_MAX = 100;

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT_MAX = Duration.ofMinutes(5);

  @Override
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.create().name("probe");
    spec.usageMessage()
        .description("Asks URLs, once each, and says what is wrong with the answers.")
        .footer(
            "",
            "An answer below 500 is right: the gateway answers 404 where no Ingress matches, and what",
            "a backend says is its own. Redirects are not followed.",
            "",
            "Exit code: 0 when all are right, 1 when one is not, 3 when one could not be asked.");
    return spec.addPositional(
            PositionalParamSpec.builder()
                .paramLabel("URL")
                .index("0..*")
                .arity("1.." + URLS_MAX)
                .type(List.class)
                .auxiliaryTypes(URI.class)
                .converters(ProbeCommand::url)
                .required(true)
                .description("http://HOST[:PORT][/PATH], or https")
                .build())
        .addOption(
            Flags.text(
                "--through",
                "ADDRESS",
                "connect to this host, whatever the URL's, as curl --connect-to does"))
        .addOption(Flags.number("--expect", "STATUS", 100, 599, "this status alone is right"))
        .addOption(Flags.flag("--insecure", "accept any certificate"))
        .addOption(
            Flags.flag("--proxy-protocol", "begin as a load balancer does with use-proxy-protocol"))
        .addOption(Flags.duration("--timeout", TIMEOUT, "for each URL, at most 5m"))
        .addOption(Flags.help());
  }

  @Override
  public int run(ParseResult parsed, Terminal terminal) throws CliFailure {
    Duration timeout = Flags.value(parsed, "--timeout", Duration.class);
    if (timeout.isZero() || timeout.compareTo(TIMEOUT_MAX) > 0) {
      throw CliFailure.usage("--timeout must be more than 0s and at most 5m");
    }
    Probe probe =
        new Probe(
            Flags.valueOrNull(parsed, "--through", String.class),
            Flags.value(parsed, "--insecure", Boolean.class),
            Flags.value(parsed, "--proxy-protocol", Boolean.class),
            timeout);
    Integer expected = Flags.valueOrNull(parsed, "--expect", Integer.class);
    int exitCode = ExitCode.OK;
    List<URI> urls = parsed.matchedPositionalValue(0, List.of());
    for (URI url : urls) exitCode = Math.max(exitCode, ask(probe, url, expected, terminal));
    return exitCode;
  }

  private static int ask(Probe probe, URI url, @Nullable Integer expected, Terminal terminal) {
    try {
      int status = probe.ask(url);
      boolean isRight = expected == null ? status < 500 : status == expected;
      String wanted = expected == null ? "a status below 500" : expected.toString();
      String line = url + ": " + status + (isRight ? "" : ", expected " + wanted + hint(status));
      terminal.out().println(isRight ? line : terminal.red(line));
      return isRight ? ExitCode.OK : ExitCode.FINDINGS;
    } catch (IOException failure) {
      terminal.out().println(terminal.red(url + ": " + failure.getMessage()));
      return ExitCode.UNREACHABLE;
    }
  }

  private static String hint(int status) {
    return switch (status) {
      case 404 -> ": no Ingress matches this host and path, or the backend has none";
      case 503 -> ": the Service has no ready pod, or the Ingress asks for what is not in force";
      case 502, 504 -> ": the pod behind it refuses, breaks off or is late";
      default -> "";
    };
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      boolean isWeb = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (isWeb && url.getHost() != null && url.getPort() <= Flags.PORT_MAX) return url;
    } catch (URISyntaxException wrong) {
      // said below, as for one of another scheme
    }
    throw new TypeConversionException("'" + text + "' is not http://HOST[:PORT][/PATH], or https");
  }
}
