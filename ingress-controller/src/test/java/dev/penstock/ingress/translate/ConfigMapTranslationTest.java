package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.configmap.Loaded;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.Companions;
import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.ManifestReader;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Publication;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Settings;
import dev.penstock.model.Translation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigMapTranslationTest {
  private static final ConfigMapNames NAMES =
      new ConfigMapNames(
          Optional.of(new ObjectKey("penstock", "config")),
          Optional.of(new ObjectKey("penstock", "tcp")),
          Optional.empty());
  private static final ConfigMapNames SETTINGS_ALONE =
      new ConfigMapNames(NAMES.settings(), Optional.empty(), Optional.empty());

  private static final String SHOP =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: shop
        annotations: {nginx.ingress.kubernetes.io/proxy-send-timeout: "8"}
      spec:
        rules:
          - host: shop.test
            http:
              paths:
                - path: /
                  pathType: Prefix
                  backend: {service: {name: shop, port: {number: 80}}}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: shop}
      spec: {ports: [{port: 80}]}
      """;

  private final TranslationMemory memory = new TranslationMemory();

  private static String configMap(String name, String data) {
    return """
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: %s, namespace: penstock}
    data: {%s}
    """
        .formatted(name, data);
  }

  private static ClusterView view(String yaml) {
    Translation<ClusterView> read =
        ManifestReader.readAll(
            Map.of("a.yaml", yaml.getBytes(StandardCharsets.UTF_8)), Companions.NONE, NAMES.all());
    assertThat(read.diagnostics()).isEmpty();
    return read.value();
  }

  private Translated translated(ConfigMapNames names, ClusterView view, Publication previous) {
    TranslationOptions options =
        TranslationOptions.standalone(names, Optional.empty(), Translated.NOW);
    Translation<Publication> with = IngressTranslator.translate(view, previous, options, memory);
    assertThat(with).isEqualTo(IngressTranslator.translate(view, previous, options));
    return new Translated(with.value(), with.diagnostics());
  }

  private Translated translated(String yaml, Publication previous) {
    return translated(SETTINGS_ALONE, view(yaml), previous);
  }

  private static RoutePolicy policy(Translated translated) {
    return translated.routesOf("shop.test").getFirst().policy();
  }

  private static Settings settings(Translated translated) {
    return translated.publication().config().settings();
  }

  @Test
  void theConfigMapSetsSettingsAndTheDefaultsOfRoutesAndAnAnnotationGoesBefore() {
    String data = "keep-alive: '20', proxy-read-timeout: '7', proxy-send-timeout: '9'";
    Translated translated = translated(SHOP + configMap("config", data), Publication.EMPTY);

    assertThat(settings(translated).deadlines().keepAliveIdle()).isEqualTo(Duration.ofSeconds(20));
    assertThat(policy(translated).readTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(policy(translated).sendTimeout()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void aConfigMapThatIsNotNamedSaysNothing() {
    Translated translated =
        translated(
            ConfigMapNames.NONE,
            view(SHOP + configMap("config", "keep-alive: '20'")),
            Publication.EMPTY);

    assertThat(settings(translated)).isEqualTo(Settings.DEFAULT);
    assertThat(translated.complaints()).noneMatch(told -> told.contains("ConfigMap"));
  }

  @Test
  void aBadValueLeavesTheGoodOneInForceOfWhatIsServed() {
    Translated good =
        translated(SHOP + configMap("config", "proxy-read-timeout: '7'"), Publication.EMPTY);
    Translated bad =
        translated(SHOP + configMap("config", "proxy-read-timeout: 7s"), good.publication());

    assertThat(bad.publication()).isEqualTo(good.publication());
    assertThat(bad.complaints())
        .anyMatch(told ->
            told.startsWith("ERROR ConfigMap penstock/config data[proxy-read-timeout]: '7s' is"));
  }

  @Test
  void aConfigMapThatIsTakenAwayLeavesWhatWasInForceAndSaysSo() {
    Translated good =
        translated(SHOP + configMap("config", "proxy-read-timeout: '7'"), Publication.EMPTY);
    Translated gone = translated(SHOP, good.publication());

    assertThat(gone.publication()).isEqualTo(good.publication());
    assertThat(gone.complaints())
        .contains(
            "WARNING ConfigMap penstock/config : is not there, or cannot be read: what was last in"
                + " force stays so; create it, an empty one for defaults");
    assertThat(settings(translated(SHOP + configMap("config", ""), gone.publication())))
        .isEqualTo(Settings.DEFAULT);
  }

  @Test
  void theConfigMapIsNotReadAgainWhileItStaysTheSame() {
    ClusterView first = view(SHOP + configMap("config", "proxy-read-timeout: '7'"));
    Map<String, String> nothing = Map.of();
    var loaded = memory.configMaps().of(first, SETTINGS_ALONE, nothing);
    Map<String, String> inForce = loaded.value().settings().configMap();
    ClusterView other =
        new ClusterView(
            Map.of(),
            first.classes(),
            first.services(),
            first.slices(),
            first.secrets(),
            first.configMaps(),
            first.unread(),
            Map.of());

    assertThat(memory.configMaps().of(other, SETTINGS_ALONE, inForce)).isSameAs(loaded);
    assertThat(memory.configMaps().of(other, ConfigMapNames.NONE, inForce)).isNotSameAs(loaded);
  }

  @Test
  void aBadValueIsReadAgainWhenSomethingElseIsInForce() {
    ClusterView bad = view(configMap("config", "proxy-read-timeout: 7s"));
    Map<String, String> later = Map.of("proxy-read-timeout", "9");

    assertThat(memory.configMaps().of(bad, SETTINGS_ALONE, Map.of()).value())
        .isEqualTo(Loaded.DEFAULT);
    assertThat(memory.configMaps().of(bad, SETTINGS_ALONE, later).value().routes().readTimeout())
        .isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void aConfigMapOfTcpThatIsMissingIsSaid() {
    ClusterView view = view(configMap("config", ""));

    assertThat(translated(NAMES, view, Publication.EMPTY).complaints())
        .containsExactly(
            "WARNING ConfigMap penstock/tcp : is not there, or cannot be read: no TCP port is asked"
                + " for; create it, an empty one for defaults");
  }

  @Test
  void portsOfTcpAreJudgedAndSaidToBeNotServed() {
    ClusterView view = view(configMap("config", "") + configMap("tcp", "'22': git/ssh:22, x: y"));

    assertThat(translated(NAMES, view, Publication.EMPTY).complaints())
        .containsExactly(
            "WARNING ConfigMap penstock/tcp data[22]: is read, but TCP is not served in this"
                + " version",
            "ERROR ConfigMap penstock/tcp data[x]: the key is no port (1 to 65535); the entry is"
                + " set aside");
  }
}
