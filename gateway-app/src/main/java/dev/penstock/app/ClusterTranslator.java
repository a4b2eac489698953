package dev.penstock.app;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.Translator;
import dev.penstock.ingress.translate.ClassSelection;
import dev.penstock.ingress.translate.IngressTranslator;
import dev.penstock.ingress.translate.TranslationMemory;
import dev.penstock.ingress.translate.TranslationOptions;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** How the objects of a cluster are translated: the same functions as for a directory. */
final class ClusterTranslator implements Translator {
  private final ClassSelection classes;
  private final ConfigMapNames configMaps;
  private final DeniedEndpoints denied;
  private final InstantSource clock;
  private final TranslationMemory memory = new TranslationMemory();

  /**
   * @param denied asked at each translation
   */
  ClusterTranslator(
      ClassSelection classes,
      ConfigMapNames configMaps,
      DeniedEndpoints denied,
      InstantSource clock) {
    this.classes = classes;
    this.configMaps = configMaps;
    this.denied = denied;
    this.clock = clock;
  }

  @Override
  public Translation<Publication> translate(ClusterView view, Publication previous) {
    return IngressTranslator.translate(view, previous, options(), memory);
  }

  @Override
  public Optional<Translation<List<EndpointSet>>> endpoints(
      ClusterView view, List<Upstream> upstreams) {
    return Optional.of(IngressTranslator.endpoints(view, upstreams, options(), memory));
  }

  private TranslationOptions options() {
    return new TranslationOptions(configMaps, classes, denied.now(), true, clock.instant());
  }
}
