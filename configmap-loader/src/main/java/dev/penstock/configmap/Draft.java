package dev.penstock.configmap;

import dev.penstock.model.Network;
import dev.penstock.model.RoutePolicy;
import dev.penstock.model.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Settings in the making: begins with Penstock's defaults, each key in force writes its part. The
 * syntax of a key keeps its value in the range that the model takes.
 */
final class Draft {
  private static final Settings.Limits LIMITS = Settings.DEFAULT.limits();
  private static final Settings.Deadlines DEADLINES = Settings.DEFAULT.deadlines();
  private static final Settings.Pool POOL = Settings.DEFAULT.pool();
  private static final Settings.FrontProxies FRONT_PROXIES = Settings.DEFAULT.frontProxies();
  private static final RouteDefaults ROUTES = RouteDefaults.DEFAULT;

  private int requestLineBytesMax = LIMITS.requestLineBytesMax();
  private int headBytesMax = LIMITS.headBytesMax();
  private int keepAliveRequestsMax = LIMITS.keepAliveRequestsMax();
  private boolean keepsAlive = true;
  private Duration head = DEADLINES.head();
  private Duration keepAliveIdle = DEADLINES.keepAliveIdle();
  private Duration proxyHeader = DEADLINES.proxyHeader();
  private Duration poolIdle = POOL.idle();
  private Duration poolAgeMax = POOL.ageMax();
  private int poolRequestsMax = POOL.requestsMax();
  private Duration hstsMaxAge = Settings.Hsts.DEFAULT.maxAge();
  private boolean hstsIncludesSubdomains = Settings.Hsts.DEFAULT.includeSubdomains();
  private boolean hstsPreload = Settings.Hsts.DEFAULT.preload();
  private int redirectStatus = Settings.HttpsRedirect.DEFAULT.status();
  private List<String> redirectExemptPrefixes = Settings.HttpsRedirect.DEFAULT.exemptPathPrefixes();
  private boolean believesForwarded;
  private boolean believesAddress;
  private boolean fullChain = FRONT_PROXIES.fullChain();
  private String addressField = FRONT_PROXIES.addressField();
  private String hostField = FRONT_PROXIES.hostField();
  private boolean proxyProtocol = FRONT_PROXIES.proxyProtocol();
  private List<Network> trusted = FRONT_PROXIES.trusted();
  private Settings.TlsVersions tlsVersions = Settings.DEFAULT.tlsVersions();
  private boolean serverTokens = Settings.DEFAULT.serverTokens();
  private boolean sslRedirect = ROUTES.sslRedirect();
  private boolean forceSslRedirect = ROUTES.forceSslRedirect();
  private boolean keepTrailingSlash = ROUTES.keepTrailingSlash();
  private boolean hsts = ROUTES.hsts();
  private long requestBodyBytesMax = ROUTES.requestBodyBytesMax();
  private Duration connectTimeout = ROUTES.connectTimeout();
  private Duration readTimeout = ROUTES.readTimeout();
  private Duration sendTimeout = ROUTES.sendTimeout();
  private int tries = ROUTES.tries();
  private final List<String> closedBy = new ArrayList<>();
  private String remark = "";

  /**
   * @param accepted the texts that all this was made of
   */
  Loaded loaded(Map<String, String> accepted) {
    return new Loaded(settings(accepted), routes());
  }

  /** What has to be said of the value that was written last; empty when nothing. */
  String takeRemark() {
    String taken = remark;
    remark = "";
    return taken;
  }

  private Settings settings(Map<String, String> accepted) {
    Settings.Limits limits =
        new Settings.Limits(
            requestLineBytesMax,
            headBytesMax,
            LIMITS.headFieldsMax(),
            LIMITS.chunkExtensionBytesMax(),
            LIMITS.trailerBytesMax(),
            keepsAlive ? keepAliveRequestsMax : 1,
            LIMITS.localAnswerDrainBytesMax(),
            LIMITS.handshakesPerLoopMax());
    Settings.Deadlines deadlines =
        new Settings.Deadlines(
            head,
            DEADLINES.bodyGrace(),
            DEADLINES.bodyBytesPerSecondMin(),
            DEADLINES.writeStall(),
            keepAliveIdle,
            proxyHeader,
            DEADLINES.tlsHandshake(),
            DEADLINES.localAnswerDrain(),
            DEADLINES.tunnelIdle());
    Settings.Pool pool =
        new Settings.Pool(
            POOL.openMax(),
            POOL.waitersMax(),
            poolIdle,
            poolAgeMax,
            poolRequestsMax,
            POOL.failedPause());
    return new Settings(
        limits,
        deadlines,
        pool,
        Settings.DEFAULT.retries(),
        new Settings.Hsts(hstsMaxAge, hstsIncludesSubdomains, hstsPreload),
        new Settings.HttpsRedirect(redirectStatus, redirectExemptPrefixes),
        new Settings.FrontProxies(
            belief(), fullChain, addressField, hostField, proxyProtocol, trusted),
        tlsVersions,
        serverTokens,
        accepted);
  }

  private Settings.FrontProxies.Belief belief() {
    if (believesForwarded) return Settings.FrontProxies.Belief.ALL;
    return believesAddress
        ? Settings.FrontProxies.Belief.ADDRESS
        : Settings.FrontProxies.Belief.NOTHING;
  }

  private RouteDefaults routes() {
    return new RouteDefaults(
        sslRedirect,
        forceSslRedirect,
        keepTrailingSlash,
        hsts,
        requestBodyBytesMax,
        connectTimeout,
        readTimeout,
        sendTimeout,
        tries,
        closedBy);
  }

  /** A key that limits who may ask, and is not in force. */
  void closedBy(String key) {
    closedBy.add(key);
  }

  /** One large buffer bounds a line, all of them the head. */
  void headBuffers(HeadBuffers buffers) {
    requestLineBytesMax = buffers.bytesEach();
    headBytesMax = buffers.count() * buffers.bytesEach();
  }

  void headTime(Duration time) {
    head = time;
  }

  void keepAliveRequestsMax(int requests) {
    keepAliveRequestsMax = requests;
  }

  /** Zero = no connection is kept. */
  void keepAliveSeconds(int seconds) {
    keepsAlive = seconds > 0;
    if (keepsAlive) keepAliveIdle = Duration.ofSeconds(seconds);
  }

  void poolIdle(Duration time) {
    poolIdle = time;
  }

  void poolAgeMax(Duration time) {
    poolAgeMax = time;
  }

  void poolRequestsMax(int requests) {
    poolRequestsMax = requests;
  }

  void hsts(boolean on) {
    hsts = on;
  }

  void hstsMaxAge(int seconds) {
    hstsMaxAge = Duration.ofSeconds(seconds);
  }

  void hstsIncludesSubdomains(boolean on) {
    hstsIncludesSubdomains = on;
  }

  void hstsPreload(boolean on) {
    hstsPreload = on;
  }

  void redirectStatus(String status) {
    redirectStatus = Integer.parseInt(status);
  }

  void redirectExemptions(List<String> prefixes) {
    redirectExemptPrefixes = prefixes;
  }

  void believesForwarded(boolean on) {
    believesForwarded = on;
  }

  void believesAddress(boolean on) {
    believesAddress = on;
  }

  void fullChain(boolean on) {
    fullChain = on;
  }

  void addressField(String name) {
    addressField = name;
  }

  void hostField(String name) {
    hostField = name;
  }

  void proxyProtocol(boolean on) {
    proxyProtocol = on;
  }

  void proxyHeaderTime(Duration time) {
    proxyHeader = time;
  }

  void trusted(List<String> networks) {
    trusted = networks.stream().map(Network::of).toList();
  }

  /** Those that nobody should use any more are not offered, whoever asks for them. */
  void tlsVersions(List<String> names) {
    for (Settings.TlsVersions some : Settings.TlsVersions.values()) {
      if (names.containsAll(some.names())) {
        tlsVersions = some;
        break; // the first has both
      }
    }
    if (!tlsVersions.names().containsAll(names)) {
      remark = "TLS 1.0 and 1.1 are not offered (RFC 8996), the others are";
    }
  }

  void serverTokens(boolean on) {
    serverTokens = on;
  }

  void keepTrailingSlash(boolean on) {
    keepTrailingSlash = on;
  }

  void sslRedirect(boolean on) {
    sslRedirect = on;
  }

  void forceSslRedirect(boolean on) {
    forceSslRedirect = on;
  }

  void requestBodyBytesMax(long bytes) {
    requestBodyBytesMax = bytes;
  }

  void connectTimeout(Duration time) {
    connectTimeout = time;
  }

  void readTimeout(Duration time) {
    readTimeout = time;
  }

  void sendTimeout(Duration time) {
    sendTimeout = time;
  }

  /** Zero = without bound, of which there is none here. */
  void tries(int count) {
    tries = count == 0 ? RoutePolicy.TRIES_MAX : Math.min(count, RoutePolicy.TRIES_MAX);
    if (count == tries) return;
    remark =
        (count == 0 ? "0 asks for tries without bound" : count + " is too many")
            + "; at most "
            + RoutePolicy.TRIES_MAX
            + " endpoints are tried for one request";
  }
}
