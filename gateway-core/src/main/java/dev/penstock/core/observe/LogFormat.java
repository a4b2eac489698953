package dev.penstock.core.observe;

/** What a line of the access log looks like. */
public sealed interface LogFormat {
  /** Text by a template. */
  record Text(LogTemplate template) implements LogFormat {}

  /** One JSON object a line; see {@link JsonLine} for its keys. */
  record Json() implements LogFormat {}

  /** ingress-nginx's default. */
  static LogFormat ingressNginx() {
    return new Text(LogTemplate.compile(LogTemplate.INGRESS_NGINX));
  }

  static LogFormat json() {
    return new Json();
  }
}
