package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.Companions;
import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.ManifestReader;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.ConfigJson;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.HostPattern;
import dev.penstock.model.Json;
import dev.penstock.model.JsonFault;
import dev.penstock.model.Publication;
import dev.penstock.model.Route;
import dev.penstock.model.TlsHost;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import dev.penstock.testkit.GoldenCases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Manifests in, configuration and diagnostics out. Each directory below {@code src/test/golden} is
 * a case: {@code input*} is read as if it lay in one directory; {@code class} holds the name given
 * with {@code --ingress-class}, or what a controller in a cluster is told; {@code configmap} holds
 * that given with {@code --configmap}; {@code previous.yaml} is translated first, and what it gives
 * is served when the input arrives. Certificates are read from {@code src/test/test-keys}.
 *
 * <p>The cases below {@code bad} are read together with {@code bad/good.yaml}: what that file gives
 * must be served as if it were alone, and is left out of the expected configuration.
 */
class TranslationGoldenTest {
  private static final Path ROOT = Path.of("src/test/golden");
  private static final Path KEYS = Path.of("src/test/test-keys");
  private static final String GOOD = "good.yaml";
  private static final GoldenCases CASES =
      new GoldenCases(ROOT, Set.of("class", "configmap", "previous.yaml", GOOD));

  @TestFactory
  Stream<DynamicTest> everyCaseTranslatesAsWritten() {
    return CASES.cases().stream()
        .filter(directory -> !isBad(directory))
        .map(directory -> DynamicTest.dynamicTest(CASES.nameOf(directory), () -> good(directory)));
  }

  @TestFactory
  Stream<DynamicTest> noBadManifestHarmsAGoodOne() {
    return CASES.cases().stream()
        .filter(TranslationGoldenTest::isBad)
        .map(directory -> DynamicTest.dynamicTest(CASES.nameOf(directory), () -> bad(directory)));
  }

  @Test
  void theCorpusOfBadManifestsIsLargeEnough() {
    assertThat(CASES.cases().stream().filter(TranslationGoldenTest::isBad))
        .hasSizeGreaterThanOrEqualTo(40);
  }

  @Test
  void everyGoldenFileBelongsToACase() {
    CASES.requireNoStrayFile();
  }

  @Test
  void aFileOfTenMegabytesIsRefusedAndTheGoodOneServed() throws IOException {
    String line = "# padding that makes a manifest larger than any that is read\n";
    byte[] large =
        line.repeat(10 * 1024 * 1024 / line.length() + 1).getBytes(StandardCharsets.UTF_8);
    Translated result =
        translated(
            withGood(Map.of("input.yaml", large)),
            Publication.EMPTY,
            Translated.options(Optional.empty()));

    assertThat(result.publication()).isEqualTo(goodAlone().publication());
    assertThat(result.diagnostics())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "input.yaml: error: the file has "
                + large.length
                + " bytes, at most 8388608 are read: split it into several; nothing of this"
                + " file is served, and no protection in it is in force");
  }

  private static boolean isBad(Path directory) {
    return directory.startsWith(ROOT.resolve("bad"));
  }

  private static void good(Path directory) throws IOException, JsonFault {
    Path previous = directory.resolve("previous.yaml");
    Publication served = Publication.EMPTY;
    if (Files.exists(previous)) {
      Map<String, byte[]> files = Map.of("previous.yaml", Files.readAllBytes(previous));
      served = translated(files, Publication.EMPTY, options(directory)).publication();
    }
    Translated result = translated(CASES.inputs(directory), served, options(directory));

    assertThat(ConfigJson.publicationFromJson(ConfigJson.toJson(result.publication())))
        .isEqualTo(result.publication());
    CASES.compare(directory, outputs(result.publication(), result.diagnostics()));
  }

  private static void bad(Path directory) throws IOException {
    Translated result =
        translated(
            withGood(CASES.inputs(directory)),
            Publication.EMPTY,
            Translated.options(Optional.empty()));
    Publication alone = goodAlone().publication();
    Publication all = result.publication();

    for (VirtualHost host : alone.config().hosts()) {
      assertThat(routes(all, host.host())).containsSubsequence(host.routes());
    }
    assertThat(all.config().upstreams()).containsAll(alone.config().upstreams());
    assertThat(all.config().tlsHosts()).containsAll(alone.config().tlsHosts());
    assertThat(all.endpoints()).containsAll(alone.endpoints());
    assertThat(all.keys()).containsAllEntriesOf(alone.keys());
    CASES.compare(directory, outputs(without(all, alone), result.diagnostics()));
  }

  private static Translated goodAlone() throws IOException {
    Translated good =
        translated(withGood(Map.of()), Publication.EMPTY, Translated.options(Optional.empty()));
    assertThat(good.diagnostics()).isEmpty();
    return good;
  }

  private static Map<String, byte[]> withGood(Map<String, byte[]> inputs) throws IOException {
    Map<String, byte[]> files = new TreeMap<>(inputs);
    files.put(GOOD, Files.readAllBytes(ROOT.resolve("bad").resolve(GOOD)));
    return files;
  }

  private static Translated translated(
      Map<String, byte[]> files, Publication previous, TranslationOptions options) {
    Companions keys = (manifest, path) -> Files.readAllBytes(KEYS.resolve(path));
    Translation<ClusterView> read = ManifestReader.readAll(files, keys, options.configMaps().all());
    Translated translated = Translated.of(read.value(), previous, options);
    List<Diagnostic> diagnostics = new ArrayList<>(read.diagnostics());
    diagnostics.addAll(translated.diagnostics());
    return new Translated(translated.publication(), diagnostics);
  }

  private static TranslationOptions options(Path directory) throws IOException {
    TranslationOptions options = ofClass(text(directory.resolve("class")));
    String[] name = text(directory.resolve("configmap")).split("/");
    if (name.length != 2) return options;
    Optional<ObjectKey> key = Optional.of(new ObjectKey(name[0], name[1]));
    ConfigMapNames names = new ConfigMapNames(key, Optional.empty(), Optional.empty());
    return new TranslationOptions(
        names, options.classes(), options.denied(), options.hasTenants(), options.now());
  }

  /** Empty when there is no such file. */
  private static String text(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file).strip() : "";
  }

  /** A class name, or {@code controller NAME CONTROLLER [by-name] [without-class]}. */
  private static TranslationOptions ofClass(String ingressClass) {
    if (ingressClass.isEmpty()) return Translated.options(Optional.empty());
    List<String> words = List.of(ingressClass.split(" "));
    if (!words.getFirst().equals("controller")) {
      return Translated.options(Optional.of(ingressClass));
    }
    return Translated.options(
        new ClassSelection.Controller(
            words.get(1),
            words.get(2),
            words.contains("by-name"),
            words.contains("without-class")));
  }

  private static List<Route> routes(Publication publication, HostPattern host) {
    return publication.config().hosts().stream()
        .filter(candidate -> candidate.host().equals(host))
        .flatMap(candidate -> candidate.routes().stream())
        .toList();
  }

  private static Publication without(Publication all, Publication part) {
    List<VirtualHost> hosts = new ArrayList<>();
    List<Upstream> upstreams = new ArrayList<>(all.config().upstreams());
    List<TlsHost> tlsHosts = new ArrayList<>(all.config().tlsHosts());
    List<EndpointSet> endpoints = new ArrayList<>(all.endpoints());
    for (VirtualHost host : all.config().hosts()) {
      List<Route> rest = new ArrayList<>(host.routes());
      rest.removeAll(routes(part, host.host()));
      if (!rest.isEmpty()) hosts.add(new VirtualHost(host.host(), rest));
    }
    upstreams.removeAll(part.config().upstreams());
    tlsHosts.removeAll(part.config().tlsHosts());
    endpoints.removeAll(part.endpoints());
    return new Publication(
        new GatewayConfig(all.config().settings(), hosts, upstreams, tlsHosts),
        endpoints,
        all.keys());
  }

  /** Keys are compared by the fingerprints in {@code tlsHosts}. */
  private static Map<String, String> outputs(
      Publication publication, List<Diagnostic> diagnostics) {
    Json.Struct whole = ConfigJson.encode(publication);
    Map<String, Json> shown = new TreeMap<>(whole.members());
    shown.remove("keys");
    String lines = diagnostics.stream().map(d -> d + "\n").collect(Collectors.joining());
    String config = new Json.Struct(shown).toText();
    return Map.of(
        "config.json", config.endsWith("\n") ? config : config + "\n", "diagnostics.txt", lines);
  }
}
