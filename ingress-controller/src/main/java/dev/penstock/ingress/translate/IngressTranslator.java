package dev.penstock.ingress.translate;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * From Kubernetes objects to what is served. A pure function: equal input gives an equal result,
 * diagnostics included, and nothing is read, written or logged. It never throws: what is wrong with
 * an object becomes a diagnostic, and the rest is served.
 *
 * <p>First every Ingress is translated by itself, then their claims are joined per host.
 */
public final class IngressTranslator {
  private IngressTranslator() {}

  /**
   * @param view the objects
   * @param previous what is served now: a Secret that has become unusable keeps the certificate it
   *     had there
   * @return complete and valid whatever the objects hold; diagnostics without repetition
   */
  public static Translation<Publication> translate(
      ClusterView view, Publication previous, TranslationOptions options) {
    return translate(view, previous, options, new TranslationMemory());
  }

  /**
   * The same, faster where little has changed.
   *
   * @param memory the same one for all translations of a source, one at a time
   */
  public static Translation<Publication> translate(
      ClusterView view,
      Publication previous,
      TranslationOptions options,
      TranslationMemory memory) {
    KeyPairs pairs = memory.pairs();
    IngressParts kept = memory.parts();
    pairs.begin();
    kept.begin(view.services(), options);
    IngressClasses classes = new IngressClasses(view.classes(), options.classes());
    List<Diagnostic> diagnostics = new ArrayList<>(classes.diagnostics());
    List<IngressPart> parts = new ArrayList<>(view.ingresses().size());
    SortedMap<ObjectKey, List<Diagnostic>> told = new TreeMap<>();
    for (IngressObject ingress : view.ingresses().values()) {
      if (!classes.isOurs(ingress)) continue;
      IngressPart part = kept.of(ingress);
      parts.add(part);
      if (!part.diagnostics().isEmpty()) told.put(ingress.key(), part.diagnostics());
    }
    told.values().forEach(diagnostics::addAll);

    List<RouteMerge.Merged> hosts = memory.hosts().merge(parts);
    hosts.forEach(host -> diagnostics.addAll(host.diagnostics()));
    SecretTranslator secrets =
        new SecretTranslator(view.secrets(), previous.keys(), options.now(), pairs, diagnostics);
    MergedCertificates.Merged certificates =
        memory.certificates().merge(hosts, secrets, diagnostics);

    List<Upstream> upstreams = memory.upstreams().of(hosts);
    Translation<List<EndpointSet>> endpoints = endpoints(view, upstreams, options, memory);
    diagnostics.addAll(endpoints.diagnostics());
    GatewayConfig config =
        new GatewayConfig(options.settings(), virtualHosts(hosts), upstreams, certificates.hosts());
    return new Translation<>(
        new Publication(config, endpoints.value(), certificates.keys()),
        List.copyOf(new LinkedHashSet<>(diagnostics)));
  }

  /**
   * The endpoints alone: what a change of EndpointSlices costs, since nothing else depends on them.
   *
   * @param upstreams of what is served, when the view differs from the served one in slices only
   */
  public static Translation<List<EndpointSet>> endpoints(
      ClusterView view, List<Upstream> upstreams, TranslationOptions options) {
    return endpoints(view, upstreams, options, new TranslationMemory());
  }

  /**
   * The same, faster where little has changed.
   *
   * @param memory the same one for all translations of a source, one at a time
   */
  public static Translation<List<EndpointSet>> endpoints(
      ClusterView view,
      List<Upstream> upstreams,
      TranslationOptions options,
      TranslationMemory memory) {
    EndpointTranslator translator =
        new EndpointTranslator(view, options.denied(), memory.endpoints());
    List<EndpointSet> endpoints = new ArrayList<>(upstreams.size());
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (Upstream upstream : upstreams) {
      Translation<EndpointSet> set = translator.translate(upstream.id());
      endpoints.add(set.value());
      diagnostics.addAll(set.diagnostics());
    }
    return new Translation<>(endpoints, diagnostics);
  }

  private static List<VirtualHost> virtualHosts(List<RouteMerge.Merged> hosts) {
    List<VirtualHost> served = new ArrayList<>(hosts.size());
    for (RouteMerge.Merged host : hosts) host.host().ifPresent(served::add);
    return served;
  }
}
