package dev.penstock.model;

import java.util.Map;
import java.util.TreeMap;

/** {@link Settings} and {@link RoutePolicy} to and from JSON, every member written. */
final class SettingsJson {
  static final Json.Struct DEFAULT_SETTINGS = encode(Settings.DEFAULT);
  static final Json.Struct DEFAULT_POLICY = encode(RoutePolicy.DEFAULT);

  private SettingsJson() {}

  static Json.Struct encode(RoutePolicy policy) {
    return Json.Struct.EMPTY
        .with("httpsRedirect", policy.httpsRedirect().name())
        .with("hsts", policy.hsts())
        .with("requestBodyBytesMax", policy.requestBodyBytesMax())
        .with("connectTimeout", policy.connectTimeout().toString())
        .with("readTimeout", policy.readTimeout().toString())
        .with("sendTimeout", policy.sendTimeout().toString())
        .with("tries", policy.tries());
  }

  static RoutePolicy policy(JsonFields fields) throws JsonFault {
    return new RoutePolicy(
        fields.constant("httpsRedirect", RoutePolicy.HttpsRedirect.class),
        fields.flag("hsts"),
        fields.number("requestBodyBytesMax"),
        fields.duration("connectTimeout"),
        fields.duration("readTimeout"),
        fields.duration("sendTimeout"),
        fields.integer("tries"));
  }

  static Json.Struct encode(Settings settings) {
    return Json.Struct.EMPTY
        .with("limits", encode(settings.limits()))
        .with("deadlines", encode(settings.deadlines()))
        .with("pool", encode(settings.pool()))
        .with("retries", encode(settings.retries()))
        .with("hsts", encode(settings.hsts()))
        .with("httpsRedirect", encode(settings.httpsRedirect()))
        .with("frontProxies", encode(settings.frontProxies()))
        .with("tlsVersions", settings.tlsVersions().name())
        .with("serverTokens", settings.serverTokens())
        .with("configMap", texts(settings.configMap()));
  }

  private static Json.Struct texts(Map<String, String> texts) {
    Json.Struct encoded = Json.Struct.EMPTY;
    for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
      encoded = encoded.with(text.getKey(), text.getValue());
    }
    return encoded;
  }

  static Settings settings(JsonFields fields) throws JsonFault {
    return new Settings(
        fields.child("limits", SettingsJson::limits),
        fields.child("deadlines", SettingsJson::deadlines),
        fields.child("pool", SettingsJson::pool),
        fields.child("retries", SettingsJson::retries),
        fields.child("hsts", SettingsJson::hsts),
        fields.child("httpsRedirect", SettingsJson::httpsRedirect),
        fields.child("frontProxies", SettingsJson::frontProxies),
        fields.constant("tlsVersions", Settings.TlsVersions.class),
        fields.flag("serverTokens"),
        fields.textMap("configMap"));
  }

  private static Json.Struct encode(Settings.Limits limits) {
    return Json.Struct.EMPTY
        .with("requestLineBytesMax", limits.requestLineBytesMax())
        .with("headBytesMax", limits.headBytesMax())
        .with("headFieldsMax", limits.headFieldsMax())
        .with("chunkExtensionBytesMax", limits.chunkExtensionBytesMax())
        .with("trailerBytesMax", limits.trailerBytesMax())
        .with("keepAliveRequestsMax", limits.keepAliveRequestsMax())
        .with("localAnswerDrainBytesMax", limits.localAnswerDrainBytesMax())
        .with("handshakesPerLoopMax", limits.handshakesPerLoopMax());
  }

  private static Settings.Limits limits(JsonFields fields) throws JsonFault {
    return new Settings.Limits(
        fields.integer("requestLineBytesMax"),
        fields.integer("headBytesMax"),
        fields.integer("headFieldsMax"),
        fields.integer("chunkExtensionBytesMax"),
        fields.integer("trailerBytesMax"),
        fields.integer("keepAliveRequestsMax"),
        fields.integer("localAnswerDrainBytesMax"),
        fields.integer("handshakesPerLoopMax"));
  }

  private static Json.Struct encode(Settings.Deadlines deadlines) {
    return Json.Struct.EMPTY
        .with("head", deadlines.head().toString())
        .with("bodyGrace", deadlines.bodyGrace().toString())
        .with("bodyBytesPerSecondMin", deadlines.bodyBytesPerSecondMin())
        .with("writeStall", deadlines.writeStall().toString())
        .with("keepAliveIdle", deadlines.keepAliveIdle().toString())
        .with("proxyHeader", deadlines.proxyHeader().toString())
        .with("tlsHandshake", deadlines.tlsHandshake().toString())
        .with("localAnswerDrain", deadlines.localAnswerDrain().toString())
        .with("tunnelIdle", deadlines.tunnelIdle().toString());
  }

  private static Settings.Deadlines deadlines(JsonFields fields) throws JsonFault {
    return new Settings.Deadlines(
        fields.duration("head"),
        fields.duration("bodyGrace"),
        fields.integer("bodyBytesPerSecondMin"),
        fields.duration("writeStall"),
        fields.duration("keepAliveIdle"),
        fields.duration("proxyHeader"),
        fields.duration("tlsHandshake"),
        fields.duration("localAnswerDrain"),
        fields.duration("tunnelIdle"));
  }

  private static Json.Struct encode(Settings.Pool pool) {
    return Json.Struct.EMPTY
        .with("openMax", pool.openMax())
        .with("waitersMax", pool.waitersMax())
        .with("idle", pool.idle().toString())
        .with("ageMax", pool.ageMax().toString())
        .with("requestsMax", pool.requestsMax())
        .with("failedPause", pool.failedPause().toString());
  }

  private static Settings.Pool pool(JsonFields fields) throws JsonFault {
    return new Settings.Pool(
        fields.integer("openMax"),
        fields.integer("waitersMax"),
        fields.duration("idle"),
        fields.duration("ageMax"),
        fields.integer("requestsMax"),
        fields.duration("failedPause"));
  }

  private static Json.Struct encode(Settings.Retries retries) {
    return Json.Struct.EMPTY
        .with("percentOfRequests", retries.percentOfRequests())
        .with("perSecond", retries.perSecond())
        .with("savedMax", retries.savedMax());
  }

  private static Settings.Retries retries(JsonFields fields) throws JsonFault {
    return new Settings.Retries(
        fields.integer("percentOfRequests"),
        fields.integer("perSecond"),
        fields.integer("savedMax"));
  }

  private static Json.Struct encode(Settings.Hsts hsts) {
    return Json.Struct.EMPTY
        .with("maxAge", hsts.maxAge().toString())
        .with("includeSubdomains", hsts.includeSubdomains())
        .with("preload", hsts.preload());
  }

  private static Settings.Hsts hsts(JsonFields fields) throws JsonFault {
    return new Settings.Hsts(
        fields.duration("maxAge"), fields.flag("includeSubdomains"), fields.flag("preload"));
  }

  private static Json.Struct encode(Settings.HttpsRedirect redirect) {
    return Json.Struct.EMPTY
        .with("status", redirect.status())
        .with("exemptPathPrefixes", Json.Array.of(redirect.exemptPathPrefixes(), Json.Text::new));
  }

  private static Settings.HttpsRedirect httpsRedirect(JsonFields fields) throws JsonFault {
    return new Settings.HttpsRedirect(fields.integer("status"), fields.texts("exemptPathPrefixes"));
  }

  private static Json.Struct encode(Settings.FrontProxies proxies) {
    return Json.Struct.EMPTY
        .with("belief", proxies.belief().name())
        .with("fullChain", proxies.fullChain())
        .with("addressField", proxies.addressField())
        .with("hostField", proxies.hostField())
        .with("proxyProtocol", proxies.proxyProtocol())
        .with(
            "trusted",
            Json.Array.of(proxies.trusted(), network -> new Json.Text(network.toString())));
  }

  private static Settings.FrontProxies frontProxies(JsonFields fields) throws JsonFault {
    return new Settings.FrontProxies(
        fields.constant("belief", Settings.FrontProxies.Belief.class),
        fields.flag("fullChain"),
        fields.text("addressField"),
        fields.text("hostField"),
        fields.flag("proxyProtocol"),
        fields.texts("trusted").stream().map(Network::of).toList());
  }
}
