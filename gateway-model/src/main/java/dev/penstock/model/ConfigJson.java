package dev.penstock.model;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The model's own JSON form: the last good state on disk, and what golden tests compare. Written by
 * hand, without reflection, so that the names on disk change only when somebody changes them here.
 *
 * <p>{@code settings} and {@code policy} hold only what differs from the defaults; {@code source},
 * {@code service} and {@code servicePort} only what is known. Every other member is required, and
 * an unknown member is a fault.
 */
public final class ConfigJson {
  private ConfigJson() {}

  public static String toJson(GatewayConfig config) {
    return encode(config).toText();
  }

  /** Holds private keys: for the owner's eyes only. */
  public static String toJson(Publication publication) {
    return encode(publication).toText();
  }

  /**
   * The same, piece by piece: tens of megabytes of thousands of hosts are never in memory at once.
   * In ASCII, so that its text takes a byte a character when it is read.
   */
  public static void write(Publication publication, Appendable target) throws IOException {
    encode(publication).writeTo(target);
  }

  /**
   * @throws JsonFault when the text is no JSON, or none of this form, or the model refuses it; the
   *     message begins with {@code line:column} or with the path of the member
   */
  public static GatewayConfig configFromJson(String text) throws JsonFault {
    return JsonFields.decode(Json.parse(text), "", ConfigJson::config);
  }

  /**
   * @throws JsonFault as {@link #configFromJson}; no key material is in its message
   */
  public static Publication publicationFromJson(String text) throws JsonFault {
    return publicationFromJson(text, 0);
  }

  /**
   * @param from where in the text it begins
   * @throws JsonFault as {@link #publicationFromJson(String)}
   */
  public static Publication publicationFromJson(String text, int from) throws JsonFault {
    return JsonFields.decode(Json.parse(text, from), "", ConfigJson::publication);
  }

  /** As a value, for a document that holds more. */
  public static Json.Struct encode(Publication publication) {
    Map<String, Json> sorted = new TreeMap<>();
    publication.keys().forEach((name, key) -> sorted.put(name, encode(key)));
    return Json.Struct.EMPTY
        .with("config", encode(publication.config()))
        .with("endpoints", Json.Array.ofMany(publication.endpoints(), ConfigJson::encode))
        .with("keys", new Json.Struct(sorted));
  }

  private static Publication publication(JsonFields fields) throws JsonFault {
    return new Publication(
        fields.child("config", ConfigJson::config),
        fields.list("endpoints", ConfigJson::endpointSet),
        fields.map("keys", ConfigJson::keyMaterial));
  }

  /** As a value, for a document that holds more; to be written once, by one thread. */
  public static Json.Struct encode(GatewayConfig config) {
    Map<RoutePolicy, Json.Struct> policies = new HashMap<>();
    return Json.Struct.EMPTY
        .with("settings", encode(config.settings()))
        .with("hosts", Json.Array.ofMany(config.hosts(), host -> encode(host, policies)))
        .with("upstreams", Json.Array.ofMany(config.upstreams(), ConfigJson::encode))
        .with("tlsHosts", Json.Array.ofMany(config.tlsHosts(), ConfigJson::encode));
  }

  /** What differs from the defaults, as a value. */
  public static Json.Struct encode(Settings settings) {
    return SettingsJson.encode(settings).without(SettingsJson.DEFAULT_SETTINGS);
  }

  private static GatewayConfig config(JsonFields fields) throws JsonFault {
    return new GatewayConfig(
        fields.childOver("settings", SettingsJson.DEFAULT_SETTINGS, SettingsJson::settings),
        fields.list("hosts", ConfigJson::virtualHost),
        fields.list("upstreams", ConfigJson::upstream),
        fields.list("tlsHosts", ConfigJson::tlsHost));
  }

  /** As a value, for a document that holds more. */
  public static Json.Struct encode(VirtualHost host) {
    return encode(host, new HashMap<>());
  }

  /**
   * @param policies encoded before: most routes have one of a few, and each has dozens of members
   */
  private static Json.Struct encode(VirtualHost host, Map<RoutePolicy, Json.Struct> policies) {
    return Json.Struct.EMPTY
        .with("host", host.host().text())
        .with("routes", Json.Array.of(host.routes(), route -> encode(route, policies)));
  }

  private static VirtualHost virtualHost(JsonFields fields) throws JsonFault {
    return new VirtualHost(
        new HostPattern(fields.text("host")), fields.list("routes", ConfigJson::route));
  }

  private static Json encode(Route route, Map<RoutePolicy, Json.Struct> policies) {
    Json.Struct json =
        Json.Struct.EMPTY
            .with("match", encode(route.match()))
            .with("action", encode(route.action()));
    Json.Struct policy =
        policies.computeIfAbsent(
            route.policy(),
            first -> SettingsJson.encode(first).without(SettingsJson.DEFAULT_POLICY));
    if (!policy.members().isEmpty()) json = json.with("policy", policy);
    json = withText(json, "service", route.service());
    json = withText(json, "servicePort", route.servicePort());
    return json.with("source", encode(route.source()));
  }

  private static Route route(JsonFields fields) throws JsonFault {
    return new Route(
        fields.child("match", ConfigJson::match),
        fields.child("action", ConfigJson::action),
        fields.childOver("policy", SettingsJson.DEFAULT_POLICY, SettingsJson::policy),
        fields.textOrEmpty("service"),
        fields.textOrEmpty("servicePort"),
        fields.child("source", ConfigJson::source));
  }

  private static Json encode(PathMatch match) {
    return switch (match) {
      case PathMatch.Exact exact ->
          Json.Struct.EMPTY.with("type", "exact").with("path", exact.path());
      case PathMatch.Prefix prefix ->
          Json.Struct.EMPTY.with("type", "prefix").with("path", prefix.path());
      case PathMatch.Regex regex ->
          Json.Struct.EMPTY
              .with("type", "regex")
              .with("pattern", regex.pattern())
              .with("caseInsensitive", regex.caseInsensitive());
    };
  }

  private static PathMatch match(JsonFields fields) throws JsonFault {
    return switch (fields.text("type")) {
      case "exact" -> new PathMatch.Exact(fields.text("path"));
      case "prefix" -> new PathMatch.Prefix(fields.text("path"));
      case "regex" -> new PathMatch.Regex(fields.text("pattern"), fields.flag("caseInsensitive"));
      default -> throw fields.fault("type", "must be exact, prefix or regex");
    };
  }

  private static Json encode(RouteAction action) {
    return switch (action) {
      case RouteAction.Forward forward ->
          Json.Struct.EMPTY
              .with("type", "forward")
              .with(
                  "targets",
                  Json.Array.of(
                      forward.targets(),
                      target ->
                          Json.Struct.EMPTY
                              .with("upstream", encode(target.upstream()))
                              .with("weight", target.weight())));
      case RouteAction.Respond respond ->
          Json.Struct.EMPTY
              .with("type", "respond")
              .with("status", respond.status())
              .with("why", respond.why());
    };
  }

  private static RouteAction action(JsonFields fields) throws JsonFault {
    return switch (fields.text("type")) {
      case "forward" ->
          new RouteAction.Forward(
              fields.list(
                  "targets",
                  target ->
                      new RouteAction.Target(
                          target.child("upstream", ConfigJson::upstreamId),
                          target.integer("weight"))));
      case "respond" -> new RouteAction.Respond(fields.integer("status"), fields.text("why"));
      default -> throw fields.fault("type", "must be forward or respond");
    };
  }

  private static Json encode(Upstream upstream) {
    return Json.Struct.EMPTY
        .with("id", encode(upstream.id()))
        .with("balancing", encode(upstream.balancing()));
  }

  private static Upstream upstream(JsonFields fields) throws JsonFault {
    return new Upstream(
        fields.child("id", ConfigJson::upstreamId),
        fields.child("balancing", ConfigJson::balancing));
  }

  private static Json encode(Balancing balancing) {
    return switch (balancing) {
      case Balancing.RoundRobin ignored -> Json.Struct.EMPTY.with("type", "roundRobin");
    };
  }

  private static Balancing balancing(JsonFields fields) throws JsonFault {
    return switch (fields.text("type")) {
      case "roundRobin" -> new Balancing.RoundRobin();
      default -> throw fields.fault("type", "must be roundRobin");
    };
  }

  private static Json encode(Upstream.Id id) {
    return Json.Struct.EMPTY
        .with("namespace", id.namespace())
        .with("service", id.service())
        .with("port", id.port());
  }

  private static Upstream.Id upstreamId(JsonFields fields) throws JsonFault {
    return new Upstream.Id(fields.text("namespace"), fields.text("service"), fields.text("port"));
  }

  private static Json encode(TlsHost host) {
    return Json.Struct.EMPTY
        .with("host", host.host().text())
        .with("certificate", host.certificate().name())
        .with("fingerprint", host.certificate().fingerprint());
  }

  private static TlsHost tlsHost(JsonFields fields) throws JsonFault {
    return new TlsHost(
        new HostPattern(fields.text("host")),
        new CertificateRef(fields.text("certificate"), fields.text("fingerprint")));
  }

  private static Json encode(EndpointSet set) {
    return Json.Struct.EMPTY
        .with("upstream", encode(set.upstream()))
        .with(
            "endpoints",
            Json.Array.of(
                set.endpoints(),
                endpoint ->
                    Json.Struct.EMPTY
                        .with("address", endpoint.address())
                        .with("port", endpoint.port())));
  }

  private static EndpointSet endpointSet(JsonFields fields) throws JsonFault {
    return new EndpointSet(
        fields.child("upstream", ConfigJson::upstreamId),
        fields.list(
            "endpoints",
            endpoint -> new Endpoint(endpoint.text("address"), endpoint.integer("port"))));
  }

  private static Json encode(KeyMaterial key) {
    return Json.Struct.EMPTY.with("chainPem", key.chainPem()).with("keyPem", key.keyPem());
  }

  private static KeyMaterial keyMaterial(JsonFields fields) throws JsonFault {
    return new KeyMaterial(fields.text("chainPem"), fields.text("keyPem"));
  }

  private static Json encode(Source source) {
    Json.Struct json = withText(Json.Struct.EMPTY, "kind", source.kind());
    json = withText(json, "namespace", source.namespace());
    json = withText(json, "name", source.name());
    json = withText(json, "file", source.file());
    if (source.line() != 0) json = json.with("line", source.line());
    if (source.column() != 0) json = json.with("column", source.column());
    return json;
  }

  private static Source source(JsonFields fields) throws JsonFault {
    return new Source(
        fields.textOrEmpty("kind"),
        fields.textOrEmpty("namespace"),
        fields.textOrEmpty("name"),
        fields.textOrEmpty("file"),
        fields.integerOrZero("line"),
        fields.integerOrZero("column"));
  }

  private static Json.Struct withText(Json.Struct json, String key, String value) {
    return value.isEmpty() ? json : json.with(key, value);
  }
}
