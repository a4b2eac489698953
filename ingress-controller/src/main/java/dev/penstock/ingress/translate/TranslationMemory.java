package dev.penstock.ingress.translate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one translation leaves for the next, so that its cost is in proportion to the change. It
 * never changes what a translation finds. Not thread-safe: it belongs to one source.
 */
public final class TranslationMemory {
  private LoadedConfigMaps configMaps = new LoadedConfigMaps();
  private KeyPairs pairs = new KeyPairs();
  private IngressParts parts = new IngressParts();
  private MergedHosts hosts = new MergedHosts();
  private MergedCertificates certificates = new MergedCertificates();
  private ServedUpstreams upstreams = new ServedUpstreams();
  private EndpointSets endpoints = new EndpointSets();
  private LastConfig config = new LastConfig();
  private IngressTranslator.@Nullable Joined joined;

  private final boolean readsSecrets;

  public TranslationMemory() {
    this(true);
  }

  private TranslationMemory(boolean readsSecrets) {
    this.readsSecrets = readsSecrets;
  }

  /** For {@link IngressTranslator#asked} alone. */
  public static TranslationMemory withoutSecrets() {
    return new TranslationMemory(false);
  }

  LoadedConfigMaps configMaps() {
    return configMaps;
  }

  KeyPairs pairs() {
    return pairs;
  }

  IngressParts parts() {
    return parts;
  }

  MergedHosts hosts() {
    return hosts;
  }

  MergedCertificates certificates() {
    return certificates;
  }

  ServedUpstreams upstreams() {
    return upstreams;
  }

  EndpointSets endpoints() {
    return endpoints;
  }

  LastConfig config() {
    return config;
  }

  /** What the last translation joined; null at first. */
  IngressTranslator.@Nullable Joined joined() {
    return joined;
  }

  void remember(IngressTranslator.Joined last) {
    joined = last;
  }

  void update(List<MergedHosts.Change> changes) {
    upstreams.update(changes);
    if (readsSecrets) certificates.update(changes);
  }

  /** Begins as a fresh one. */
  void forget() {
    configMaps = new LoadedConfigMaps();
    pairs = new KeyPairs();
    parts = new IngressParts();
    hosts = new MergedHosts();
    certificates = new MergedCertificates();
    upstreams = new ServedUpstreams();
    endpoints = new EndpointSets();
    config = new LastConfig();
    joined = null;
  }
}
