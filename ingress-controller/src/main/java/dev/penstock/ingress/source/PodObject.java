package dev.penstock.ingress.source;

import java.util.Map;

/**
 * A Pod, trimmed to where it runs.
 *
 * @param labels without those by which controllers tell its revisions apart
 * @param node empty when it is on none yet
 * @param ready whether it runs and is ready
 */
public record PodObject(Map<String, String> labels, String node, boolean ready) {
  public PodObject {
    labels = Map.copyOf(labels);
  }
}
