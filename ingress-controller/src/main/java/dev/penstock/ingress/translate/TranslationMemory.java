package dev.penstock.ingress.translate;

import org.jspecify.annotations.Nullable;

/**
 * What one translation leaves for the next, so that its cost is in proportion to the change. It
 * never changes what a translation finds. Not thread-safe: it belongs to one source.
 */
public final class TranslationMemory {
  private final KeyPairs pairs = new KeyPairs();
  private final IngressParts parts = new IngressParts();
  private final MergedHosts hosts = new MergedHosts();
  private final MergedCertificates certificates = new MergedCertificates();
  private final ServedUpstreams upstreams = new ServedUpstreams();
  private final EndpointSets endpoints = new EndpointSets();
  private final LastConfig config = new LastConfig();
  private IngressTranslator.@Nullable Joined joined;

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
}
