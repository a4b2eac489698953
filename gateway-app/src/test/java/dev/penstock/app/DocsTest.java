package dev.penstock.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.core.GatewayOptions;
import dev.penstock.core.exchange.Exchange;
import dev.penstock.core.observe.LogTemplate;
import dev.penstock.core.router.PathTree;
import dev.penstock.ingress.source.Companions;
import dev.penstock.ingress.source.ManifestReader;
import dev.penstock.ingress.source.SecretObject;
import dev.penstock.ingress.translate.IngressTranslator;
import dev.penstock.model.PathMatch;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Settings;
import dev.penstock.testkit.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Model.CommandSpec;

/** What the guide says is what the code does. */
class DocsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private final String guide = read(ROOT.resolve("docs/standalone.md"));

  @Test
  void theTableOfLimitsHoldsEveryLimitWithItsValue() throws ReflectiveOperationException {
    Map<String, String> expected = new LinkedHashMap<>();
    values("limits", Settings.DEFAULT.limits(), expected);
    values("deadlines", Settings.DEFAULT.deadlines(), expected);
    values("pool", Settings.DEFAULT.pool(), expected);
    values("retries", Settings.DEFAULT.retries(), expected);
    expected.put("process.connectionsMax", count(GatewayOptions.CONNECTIONS_MAX));
    expected.put("process.passagesMax", count(Exchange.PASSAGES_MAX));
    values("route", RoutePolicy.DEFAULT, expected);
    expected.keySet().removeAll(Set.of("route.httpsRedirect", "route.hsts"));
    expected.put("manifest.fileBytesMax", bytes(ManifestReader.FILE_BYTES_MAX));
    expected.put("manifest.objectBytesMax", count(ManifestReader.OBJECT_BYTES_MAX));
    expected.put("manifest.companionBytesMax", bytes(Companions.BYTES_MAX));
    expected.put("secret.chainBytesMax", bytes(SecretObject.CHAIN_BYTES_MAX));
    expected.put("secret.keyBytesMax", bytes(SecretObject.KEY_BYTES_MAX));
    expected.put("manifest.patternCharsMax", count(PathMatch.Regex.PATTERN_CHARS_MAX));
    expected.put("manifest.patternInstructionsMax", count(PathMatch.Regex.INSTRUCTIONS_MAX));
    expected.put("host.regexWorkMax", count(PathTree.REGEX_WORK_MAX));
    expected.put("upstream.endpointsMax", count(IngressTranslator.ENDPOINTS_MAX));
    expected.put(
        "upstream.endpointsOfNamespaceMax", count(IngressTranslator.ENDPOINTS_OF_NAMESPACE_MAX));
    expected.put("manifest.diagnosticsMax", count(IngressTranslator.DIAGNOSTICS_MAX));

    Map<String, String> documented = new LinkedHashMap<>();
    rows("## Limits").forEach(row -> documented.put(row.group(1), row.group(2)));

    assertThat(documented).containsExactlyEntriesOf(expected);
  }

  @Test
  void theTableOfFlagsHoldsEveryFlagWithItsDefault() {
    Map<String, String> documented = new LinkedHashMap<>();
    rows("## Flags of").forEach(row -> documented.put(row.group(1), row.group(2)));

    CommandSpec run = RunOptions.declare(CommandSpec.create());
    Map<String, String> expected = new LinkedHashMap<>();
    run.options()
        .forEach(option -> {
          String name = option.longestName();
          String initial = option.defaultValue();
          boolean said = initial == null || initial.equals("false");
          expected.put(name, said ? documented.get(name) : "`" + initial + "`");
        });

    assertThat(documented).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void theFirstDirectoryHasNoFindings(@TempDir Path directory) throws IOException {
    String yaml = guide.substring(guide.indexOf("```yaml\n") + "```yaml\n".length());
    Files.writeString(directory.resolve("hello.yaml"), yaml.substring(0, yaml.indexOf("```")));
    TestCertificate certificate = TestCertificate.ec("hello.example.com");
    Path tls = Files.createDirectory(directory.resolve("tls"));
    Files.writeString(tls.resolve("hello.crt"), certificate.chainPem());
    Files.writeString(tls.resolve("hello.key"), certificate.keyPem());

    assertThat(Ran.penstock("check", directory.toString()).out())
        .isEqualTo("0 errors, 0 warnings; 1 route would be served\n");
    assertThat(Ran.penstock("routes", "--config", directory.toString()).out())
        .contains("127.0.0.1:3000,127.0.0.1:3001  default/hello-tls");
  }

  @Test
  void theAccessLogFormatIsTheOneThatIsWritten() {
    assertThat(guide).contains("\n```\n" + LogTemplate.INGRESS_NGINX + "\n```\n");
  }

  @Test
  void hstsIsSaidAsItIsSent() {
    assertThat(guide).contains("Strict-Transport-Security: " + Settings.DEFAULT.hsts().value());
  }

  @Test
  void theExitCodesAreThoseOfTheCode() {
    for (int code :
        List.of(
            ExitCode.OK,
            ExitCode.FINDINGS,
            ExitCode.USAGE,
            ExitCode.UNREACHABLE,
            ExitCode.CUT,
            ExitCode.INTERNAL)) {
      assertThat(guide).contains("\n| " + code + " | ");
    }
    assertThat(guide).contains("| " + ExitCode.signal(2) + ", " + ExitCode.signal(15) + " |");
  }

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    try (var files = Files.walk(ROOT.resolve("docs"))) {
      List<Path> pages =
          Stream.concat(
                  files.filter(file -> file.toString().endsWith(".md")),
                  Stream.of(ROOT.resolve("README.md"), ROOT.resolve("ARCHITECTURE.md")))
              .toList();
      for (Path page : pages) {
        Matcher link = Pattern.compile("]\\(([^)#:]*)(?:#([^)]*))?\\)").matcher(read(page));
        while (link.find()) requireTarget(page, link.group(1), link.group(2));
      }
    }
  }

  private static void requireTarget(Path page, String file, @Nullable String anchor)
      throws IOException {
    Path target = file.isEmpty() ? page : page.resolveSibling(file);
    assertThat(target).as("link in %s", page).exists();
    if (anchor == null) return;
    List<String> anchors =
        read(target)
            .lines()
            .filter(line -> line.startsWith("#"))
            .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
            .map(title -> title.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
            .toList();
    assertThat(anchors).as("link in %s", page).contains(anchor);
  }

  /** The table rows {@code | `name` | value | …} after this text, up to the next heading. */
  private Stream<MatchResult> rows(String after) {
    String section = guide.substring(guide.indexOf(after) + after.length());
    int end = section.indexOf("\n## ");
    if (end >= 0) section = section.substring(0, end);
    return Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]*?) \\|").matcher(section).results();
  }

  private static void values(String prefix, Record values, Map<String, String> into)
      throws ReflectiveOperationException {
    for (RecordComponent component : values.getClass().getRecordComponents()) {
      Object value = component.getAccessor().invoke(values);
      String name = component.getName();
      into.put(prefix + "." + name, text(name, value));
    }
  }

  private static String text(String name, Object value) {
    if (value instanceof Duration duration) return Durations.format(duration);
    if (!(value instanceof Number number)) return value.toString();
    if (name.contains("BytesPerSecond")) return number + " B/s";
    return name.contains("Bytes") ? bytes(number.longValue()) : count(number.longValue());
  }

  private static String bytes(long bytes) {
    if (bytes % (1 << 30) == 0) return (bytes >> 30) + " GiB";
    if (bytes % (1 << 20) == 0) return (bytes >> 20) + " MiB";
    return bytes % 1024 == 0 ? (bytes >> 10) + " KiB" : bytes + " B";
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
