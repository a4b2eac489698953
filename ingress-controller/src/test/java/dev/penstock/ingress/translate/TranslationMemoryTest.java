package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.configmap.ConfigMapLoader;
import dev.penstock.configmap.Loaded;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import dev.penstock.testkit.TestCertificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A memory spares work and changes nothing. */
class TranslationMemoryTest {
  private static final ObjectKey A = new ObjectKey("default", "a");
  private static final ObjectKey B = new ObjectKey("default", "bcd");

  private final TranslationMemory memory = new TranslationMemory();
  private final TranslationOptions options = Translated.options(Optional.empty());
  private ClusterView view =
      Translated.view(ingress("a", 80) + ingress("bcd", 80) + service("a", 80));

  private static String ingress(String name, int port) {
    return """
    ---
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: %s, namespace: default}
    spec:
      rules:
        - host: %s.test
          http:
            paths:
              - path: /
                pathType: Prefix
                backend: {service: {name: %s, port: {number: %d}}}
    """
        .formatted(name, name, name, port);
  }

  private static String service(String name, int port) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default}
    spec: {ports: [{port: %d}]}
    """
        .formatted(name, port);
  }

  private Translation<Publication> remembered() {
    return IngressTranslator.translate(view, Publication.EMPTY, options, memory);
  }

  private Translation<Publication> fresh() {
    return IngressTranslator.translate(view, Publication.EMPTY, options);
  }

  private void changeServices(String yaml) {
    Map<ObjectKey, ServiceObject> services = new HashMap<>(view.services());
    services.putAll(Translated.view(yaml).services());
    view =
        new ClusterView(view.ingresses(), view.classes(), services, view.slices(), view.secrets());
  }

  private IngressObject ingress(ObjectKey key) {
    return Objects.requireNonNull(view.ingresses().get(key));
  }

  private IngressPart part(ObjectKey key) {
    memory.parts().begin(view.services(), Loaded.DEFAULT);
    return memory.parts().of(ingress(key));
  }

  @Test
  void whatHasNotChangedIsNotTranslatedAgain() {
    IngressPart first = part(A);

    changeServices(service("other", 80));

    assertThat(part(A)).isSameAs(first);
  }

  @Test
  void anIngressWithAMissingServiceIsNotTranslatedAgainForServicesOfOthers() {
    IngressPart first = part(B);

    changeServices(service("other", 80).replace("namespace: default", "namespace: shop"));

    assertThat(part(B)).isSameAs(first);
  }

  @Test
  void aChangedServiceIsSeen() {
    assertThat(remembered()).isEqualTo(fresh());

    changeServices(service("a", 81));

    assertThat(remembered()).isEqualTo(fresh());
    assertThat(fresh().diagnostics()).anyMatch(d -> d.message().contains("no TCP port 80"));
  }

  @Test
  void aServiceThatWasMissingIsSeen() {
    assertThat(remembered()).isEqualTo(fresh());

    changeServices(service("bcd", 80));

    assertThat(remembered()).isEqualTo(fresh());
    assertThat(fresh().diagnostics()).noneMatch(d -> d.message().contains("no Service"));
  }

  @Test
  void whatIsSuggestedForAMissingServiceFollowsTheOthers() {
    remembered();

    changeServices(service("bcde", 80));

    assertThat(remembered()).isEqualTo(fresh());
    assertThat(fresh().diagnostics()).anyMatch(d -> d.message().contains("'bcde'"));
  }

  @Test
  void whatIsSaidOfAnUnusableSecretFollowsWhatIsServedUnderItsName() {
    TestCertificate pair = TestCertificate.ec("x.test");
    String ingress =
        ingress("a", 80).replace("spec:", "spec:\n  tls: [{hosts: [a.test], secretName: s}]");
    String good = Yaml.tlsSecret("s", "kubernetes.io/tls", pair.chainPem(), pair.keyPem());
    String bad = Yaml.tlsSecret("s", "kubernetes.io/tls", "garbage", pair.keyPem());
    view = Translated.view(ingress + service("a", 80) + good);
    Publication served = fresh().value();
    view = Translated.view(ingress + service("a", 80) + bad);

    for (Publication previous : List.of(served, Publication.EMPTY, served)) {
      assertThat(IngressTranslator.translate(view, previous, options, memory))
          .isEqualTo(IngressTranslator.translate(view, previous, options));
    }
  }

  @Test
  void aChangedIngressIsSeen() {
    remembered();

    Map<ObjectKey, IngressObject> ingresses = new HashMap<>(view.ingresses());
    ingresses.putAll(Translated.view(ingress("a", 81)).ingresses());
    ingresses.remove(B);
    view =
        new ClusterView(ingresses, view.classes(), view.services(), view.slices(), view.secrets());

    assertThat(remembered()).isEqualTo(fresh());
    assertThat(fresh().diagnostics()).anyMatch(d -> d.message().contains("no TCP port 81"));
  }

  @Test
  void otherSettingsMakeEveryPartAnew() {
    IngressPart first = part(A);
    Loaded others = ConfigMapLoader.ofAccepted(Map.of("proxy-read-timeout", "7"));

    memory.parts().begin(view.services(), others);

    assertThat(memory.parts().of(ingress(A))).isNotSameAs(first);
  }
}
