package dev.penstock.ingress.translate;

import dev.penstock.configmap.Loaded;
import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.IngressClassObject;
import dev.penstock.ingress.source.IngressObject;
import dev.penstock.ingress.source.ObjectKey;
import dev.penstock.ingress.source.ServiceObject;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.EndpointSet;
import dev.penstock.model.GatewayConfig;
import dev.penstock.model.Publication;
import dev.penstock.model.Settings;
import dev.penstock.model.Translation;
import dev.penstock.model.Upstream;
import dev.penstock.model.VirtualHost;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * From Kubernetes objects to what is served. A pure function: equal input gives an equal result,
 * diagnostics included, and nothing is read, written or logged. It never throws: what is wrong with
 * an object becomes a diagnostic, and the rest is served.
 *
 * <p>First the controller's ConfigMap is loaded, then every Ingress is translated by itself, last
 * their claims are joined per host.
 */
public final class IngressTranslator {
  /**
   * Diagnostics of one object that are told one by one; one more says how many there are. Each of
   * these is counted by itself: what an Ingress holds, what it meets with others over paths, what
   * is wrong with certificates, and with endpoints.
   */
  public static final int DIAGNOSTICS_MAX = 50;

  /**
   * Addresses of one upstream that are looked at; more get no request. Clusters of thousands of
   * nodes have as many pods.
   */
  public static final int ENDPOINTS_MAX = 10_000;

  /**
   * Of all upstreams of a namespace together: a Service with a thousand ports has each of its
   * addresses a thousand times. The first upstreams by name have them.
   */
  public static final int ENDPOINTS_OF_NAMESPACE_MAX = 50_000;

  private IngressTranslator() {}

  /**
   * @param view the objects
   * @param previous what is served now: a Secret that has become unusable keeps the certificate it
   *     had there, and a bad value of the ConfigMap the good one
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
    try {
      return translateWith(memory, view, previous, options);
    } catch (RuntimeException defect) {
      memory.forget(); // it may have stopped half-way
      throw defect;
    }
  }

  private static Translation<Publication> translateWith(
      TranslationMemory memory,
      ClusterView view,
      Publication previous,
      TranslationOptions options) {
    Map<String, String> inForce = previous.config().settings().configMap();
    Translation<Loaded> loaded = memory.configMaps().of(view, options.configMaps(), inForce);
    Joined joined = join(view, options.classes(), options.hasTenants(), loaded.value(), memory);
    List<RouteMerge.Merged> hosts = joined.hosts;
    List<Diagnostic> diagnostics = new ArrayList<>(loaded.diagnostics());
    diagnostics.addAll(joined.own);
    diagnostics.addAll(joined.joint);
    KeyPairs pairs = memory.pairs();
    pairs.begin();
    SecretTranslator secrets = new SecretTranslator(view, previous.keys(), options.now(), pairs);
    MergedCertificates.Merged certificates =
        memory.certificates().merge(view.secrets(), secrets, diagnostics);

    List<Upstream> upstreams = memory.upstreams().all();
    Translation<List<EndpointSet>> endpoints = endpoints(view, upstreams, options, memory);
    diagnostics.addAll(endpoints.diagnostics());
    GatewayConfig config =
        memory
            .config()
            .of(loaded.value().settings(), virtualHosts(hosts), upstreams, certificates.hosts());
    return new Translation<>(
        new Publication(config, endpoints.value(), certificates.keys()),
        List.copyOf(new LinkedHashSet<>(diagnostics)));
  }

  /**
   * What is asked for, and what is said of that: all that needs neither Secrets nor EndpointSlices.
   *
   * @param settings of the ConfigMap's values that are accepted
   * @param hosts sorted; those that have not changed are the same objects as before
   * @param own of each object by itself
   * @param joint of Ingresses that meet
   */
  public record Asked(
      Settings settings, List<VirtualHost> hosts, List<Diagnostic> own, List<Diagnostic> joint) {
    public Asked {
      hosts = List.copyOf(hosts);
      own = List.copyOf(own);
      joint = List.copyOf(joint);
    }
  }

  /**
   * A part of {@link #translate}, for who may not read Secrets of a cluster, which has tenants.
   * What it says, the whole translation says, too.
   *
   * @param inForce the texts of the ConfigMap that are in force now
   * @param memory one {@link TranslationMemory#withoutSecrets}
   */
  public static Asked asked(
      ClusterView view,
      Map<String, String> inForce,
      ConfigMapNames configMaps,
      ClassSelection classes,
      TranslationMemory memory) {
    try {
      Translation<Loaded> loaded = memory.configMaps().of(view, configMaps, inForce);
      Joined joined = join(view, classes, true, loaded.value(), memory);
      List<Diagnostic> own = new ArrayList<>(loaded.diagnostics());
      own.addAll(joined.own);
      return new Asked(loaded.value().settings(), virtualHosts(joined.hosts), own, joined.joint);
    } catch (RuntimeException defect) {
      memory.forget();
      throw defect;
    }
  }

  /**
   * What the Ingresses of a view ask for together, and what it depends on. Holds nothing else of
   * the view, in which there are keys.
   */
  record Joined(
      Map<ObjectKey, IngressObject> ingresses,
      Map<ObjectKey, ServiceObject> services,
      Map<String, IngressClassObject> classes,
      ClassSelection selection,
      Loaded loaded,
      List<RouteMerge.Merged> hosts,
      List<Diagnostic> own,
      List<Diagnostic> joint) {
    /** By identity where the source keeps what has not changed; a false no costs time only. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isOf(ClusterView current, ClassSelection selected, Loaded nowLoaded) {
      return ingresses == current.ingresses()
          && services == current.services()
          && classes.equals(current.classes())
          && selection.equals(selected)
          && loaded.equals(nowLoaded);
    }
  }

  private static Joined join(
      ClusterView view,
      ClassSelection selection,
      boolean hasTenants,
      Loaded loaded,
      TranslationMemory memory) {
    Joined last = memory.joined();
    if (last != null && last.isOf(view, selection, loaded)) return last;
    IngressParts kept = memory.parts();
    kept.begin(view.services(), loaded);
    IngressClasses classes = new IngressClasses(view.classes(), selection);
    List<Diagnostic> own = new ArrayList<>(classes.diagnostics());
    SortedMap<ObjectKey, List<Diagnostic>> told = new TreeMap<>();
    for (IngressObject ingress : view.ingresses().values()) {
      if (!classes.isOurs(ingress)) continue;
      IngressPart part = kept.of(ingress);
      if (!part.diagnostics().isEmpty()) told.put(ingress.key(), part.diagnostics());
    }
    told.values().forEach(own::addAll);
    memory.update(memory.hosts().update(kept.end(), hasTenants));
    List<RouteMerge.Merged> hosts = memory.hosts().all();
    Complaints joint = new Complaints();
    hosts.forEach(host -> host.complaints().forEach(joint::add));
    Joined joined =
        new Joined(
            view.ingresses(),
            view.services(),
            view.classes(),
            selection,
            loaded,
            hosts,
            own,
            joint.all());
    memory.remember(joined);
    return joined;
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
    try {
      return memory.endpoints().of(view, upstreams, options.denied());
    } catch (RuntimeException defect) {
      memory.forget();
      throw defect;
    }
  }

  private static List<VirtualHost> virtualHosts(List<RouteMerge.Merged> hosts) {
    List<VirtualHost> served = new ArrayList<>(hosts.size());
    for (RouteMerge.Merged host : hosts) host.host().ifPresent(served::add);
    return served;
  }
}
