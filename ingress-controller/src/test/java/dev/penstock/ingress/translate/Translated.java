package dev.penstock.ingress.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.ManifestReader;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.HostPattern;
import dev.penstock.model.Publication;
import dev.penstock.model.Route;
import dev.penstock.model.RouteAction;
import dev.penstock.model.Translation;
import dev.penstock.model.VirtualHost;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A translation with questions to ask it, for tests. */
record Translated(Publication publication, List<Diagnostic> diagnostics) {
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  static Translated of(String yaml) {
    return of(view(yaml), Publication.EMPTY, options(Optional.empty()));
  }

  static Translated of(ClusterView view, Publication previous, TranslationOptions options) {
    Translation<Publication> translation = IngressTranslator.translate(view, previous, options);
    return new Translated(translation.value(), translation.diagnostics());
  }

  static TranslationOptions options(Optional<String> ingressClass) {
    return TranslationOptions.standalone(ConfigMapNames.NONE, ingressClass, NOW);
  }

  static TranslationOptions options(ClassSelection classes) {
    return new TranslationOptions(ConfigMapNames.NONE, classes, Denied.NOTHING, true, NOW);
  }

  /** All of it must be readable. */
  static ClusterView view(String yaml) {
    Translation<ClusterView> read =
        ManifestReader.readAll(Map.of("a.yaml", yaml.getBytes(StandardCharsets.UTF_8)));
    assertThat(read.diagnostics()).isEmpty();
    return read.value();
  }

  /** {@code match -> target} of every route of a host, in the order of precedence. */
  List<String> routes(String host) {
    return routesOf(host).stream().map(Translated::shown).toList();
  }

  List<Route> routesOf(String host) {
    return publication.config().hosts().stream()
        .filter(candidate -> candidate.host().equals(new HostPattern(host)))
        .map(VirtualHost::routes)
        .findFirst()
        .orElse(List.of());
  }

  List<String> endpoints(String upstream) {
    return publication.endpoints().stream()
        .filter(set -> set.upstream().toString().equals(upstream))
        .map(EndpointSet::endpoints)
        .findFirst()
        .orElseThrow()
        .stream()
        .map(Object::toString)
        .toList();
  }

  /** Without the place in the file. */
  List<String> complaints() {
    return diagnostics.stream()
        .map(d -> d.level() + " " + d.source().object() + " " + d.field() + ": " + d.message())
        .toList();
  }

  private static String shown(Route route) {
    String target =
        switch (route.action()) {
          case RouteAction.Forward forward -> forward.targets().getFirst().upstream().toString();
          case RouteAction.Respond respond -> Integer.toString(respond.status());
        };
    return route.match().getClass().getSimpleName() + " " + route.match().text() + " -> " + target;
  }
}
