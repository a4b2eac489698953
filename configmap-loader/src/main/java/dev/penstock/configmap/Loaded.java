package dev.penstock.configmap;

import dev.penstock.model.Settings;

/**
 * What a ConfigMap asks for, as far as it is in force.
 *
 * @param settings with the texts that they and the routes' defaults were made of
 */
public record Loaded(Settings settings, RouteDefaults routes) {
  /** Without a ConfigMap. */
  public static final Loaded DEFAULT = new Loaded(Settings.DEFAULT, RouteDefaults.DEFAULT);
}
