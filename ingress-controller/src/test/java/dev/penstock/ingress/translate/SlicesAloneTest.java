package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ChangeLoop;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.EndpointSliceObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.Sink;
import dev.penstock.ingress.source.SyncStatus;
import dev.penstock.ingress.source.Translator;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A change of EndpointSlices costs endpoints, and nothing else is translated or compiled. */
class SlicesAloneTest {
  private static final String OBJECTS =
      """
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: a}
      spec: {ports: [{name: http, port: 80}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: b}
      spec: {ports: [{name: http, port: 80}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: i}
      spec:
        rules:
          - host: x.test
            http:
              paths:
                - {path: /a, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}
                - {path: /b, pathType: Prefix, backend: {service: {name: b, port: {number: 80}}}}
                - {path: /c, pathType: Prefix, backend: {service: {name: gone, port: {number: 80}}}}
      """;

  private final TranslationOptions options = Translated.options(Optional.empty());
  private final Recorder recorder = new Recorder();
  private int translations;

  private final Translator translator =
      new Translator() {
        @Override
        public Translation<Publication> translate(ClusterView view, Publication previous) {
          translations++;
          return IngressTranslator.translate(view, previous, options);
        }

        @Override
        public Optional<Translation<List<EndpointSet>>> endpoints(
            ClusterView view, List<Upstream> upstreams) {
          return Optional.of(IngressTranslator.endpoints(view, upstreams, options));
        }
      };

  private static final class Recorder implements Sink {
    private final List<Publication> published = new ArrayList<>();
    private final List<EndpointSet> fast = new ArrayList<>();

    @Override
    public void publish(Publication publication) {
      published.add(publication);
    }

    @Override
    public void endpoints(EndpointSet set) {
      fast.add(set);
    }

    @Override
    public void status(SyncStatus status) {}
  }

  private static ClusterView with(ClusterView view, Map<ObjectKey, EndpointSliceObject> slices) {
    return new ClusterView(
        view.ingresses(), view.classes(), view.services(), slices, view.secrets());
  }

  @Test
  void theOutcomeIsThatOfAWholeTranslation() {
    List<Publication> applied = new ArrayList<>();
    ChangeLoop loop =
        new ChangeLoop(
            translator, recorder, null, applied::add, Runnable::run, () -> Translated.NOW);
    ClusterView view = Translated.view(OBJECTS);
    loop.onView(new Translation<>(view, List.of()));
    Random random = new Random(11);
    Map<ObjectKey, EndpointSliceObject> slices = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      change(slices, random);
      ClusterView next = with(view, slices);
      loop.onView(new Translation<>(next, List.of()));

      Translated whole = Translated.of(next, Publication.EMPTY, options);
      assertThat(applied.getLast()).isEqualTo(whole.publication());
      assertThat(loop.diagnostics())
          .containsExactlyInAnyOrderElementsOf(whole.diagnostics())
          .anyMatch(found -> found.level() == Diagnostic.Level.ERROR);
    }

    assertThat(translations).isEqualTo(1);
    assertThat(recorder.published).hasSize(1);
    assertThat(recorder.fast).hasSizeGreaterThan(50);
  }

  private static void change(Map<ObjectKey, EndpointSliceObject> slices, Random random) {
    String service = random.nextBoolean() ? "a" : "b";
    ObjectKey key = new ObjectKey("default", service + random.nextInt(3));
    if (random.nextInt(3) == 0) {
      slices.remove(key);
      return;
    }
    String address = random.nextInt(4) == 0 ? "0.0.0.0" : "10.0.0." + random.nextInt(9);
    slices.put(
        key,
        Translated.view(
                """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %s
                  labels: {kubernetes.io/service-name: %s}
                addressType: IPv4
                ports: [{name: http, port: 8080}]
                endpoints: [{addresses: ["%s"], conditions: {ready: %s}}]
                """
                    .formatted(key.name(), service, address, random.nextBoolean()))
            .slices()
            .get(key));
  }
}
