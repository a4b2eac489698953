package dev.penstock.ingress.source;

import java.util.List;

/**
 * One page of a list.
 *
 * @param version {@code metadata.resourceVersion} of the list, never empty
 * @param next {@code metadata.continue}; empty on the last page
 */
public record ApiPage<T>(String version, String next, List<ApiObject<T>> objects) {
  public ApiPage {
    objects = List.copyOf(objects);
  }
}
