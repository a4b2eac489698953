package dev.penstock.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Every limit, deadline and bound of the gateway that is not a route's own ({@link RoutePolicy}).
 * One place; each with its unit and its reason. The figures are those of Penstock's security
 * policy; ingress-nginx's own apply only when their key is set.
 *
 * @param frontProxies who tells the gateway what it cannot see of a client
 * @param tlsVersions that clients may use
 * @param serverTokens whether every answer has {@code Server: Penstock}; another name that the
 *     command line gives goes before
 * @param configMap the texts of the controller's ConfigMap, by key, that these settings and the
 *     defaults of routes were made of: what stays in force when a later text is bad
 */
public record Settings(
    Limits limits,
    Deadlines deadlines,
    Pool pool,
    Retries retries,
    Hsts hsts,
    HttpsRedirect httpsRedirect,
    FrontProxies frontProxies,
    TlsVersions tlsVersions,
    boolean serverTokens,
    Map<String, String> configMap) {
  public Settings {
    configMap = Map.copyOf(configMap);
  }

  /**
   * Sizes and counts of what a client may send.
   *
   * @param requestLineBytesMax over it: 414 and close
   * @param headBytesMax request line and fields together, of requests and of responses; over it:
   *     431 and close (502 for a response)
   * @param headFieldsMax fields of a head; over it: 431 and close
   * @param chunkExtensionBytesMax per chunk; extensions are dropped; over it: 400 and close
   * @param trailerBytesMax trailer section; over it: 431 and close
   * @param keepAliveRequestsMax requests over one client connection, so that connections spread
   *     again after a scale-out
   * @param localAnswerDrainBytesMax unread request body that is read away after an answer of our
   *     own; over it: close
   * @param handshakesPerLoopMax TLS handshakes waiting on one event loop; over it: close
   */
  public record Limits(
      int requestLineBytesMax,
      int headBytesMax,
      int headFieldsMax,
      int chunkExtensionBytesMax,
      int trailerBytesMax,
      int keepAliveRequestsMax,
      int localAnswerDrainBytesMax,
      int handshakesPerLoopMax) {
    public Limits {
      Check.inRange("requestLineBytesMax", requestLineBytesMax, 64, 64 * 1024);
      Check.inRange("headBytesMax", headBytesMax, requestLineBytesMax, 1024 * 1024);
      Check.inRange("headFieldsMax", headFieldsMax, 1, 1_000);
      Check.inRange("chunkExtensionBytesMax", chunkExtensionBytesMax, 0, 64 * 1024);
      Check.inRange("trailerBytesMax", trailerBytesMax, 0, 1024 * 1024);
      Check.inRange("keepAliveRequestsMax", keepAliveRequestsMax, 1, Integer.MAX_VALUE);
      Check.inRange("localAnswerDrainBytesMax", localAnswerDrainBytesMax, 0, 16 * 1024 * 1024);
      Check.inRange("handshakesPerLoopMax", handshakesPerLoopMax, 1, 1_000_000);
    }

    public static final Limits DEFAULT =
        new Limits(8 * 1024, 32 * 1024, 100, 256, 8 * 1024, 10_000, 64 * 1024, 500);
  }

  /**
   * How long a peer may take.
   *
   * @param head for the whole request head, from its first byte
   * @param bodyGrace time before the body rate counts
   * @param bodyBytesPerSecondMin slower uploads are cut; 0 = off
   * @param writeStall no byte of a waiting answer taken by the client
   * @param keepAliveIdle a client connection without a request
   * @param proxyHeader from the accepted connection to the end of the PROXY protocol's header
   * @param tlsHandshake from the first byte to the end of the handshake
   * @param localAnswerDrain reading away an unread body after an answer of our own
   * @param tunnelIdle a WebSocket without a byte in either direction
   */
  public record Deadlines(
      Duration head,
      Duration bodyGrace,
      int bodyBytesPerSecondMin,
      Duration writeStall,
      Duration keepAliveIdle,
      Duration proxyHeader,
      Duration tlsHandshake,
      Duration localAnswerDrain,
      Duration tunnelIdle) {
    public Deadlines {
      Check.positive("head", head);
      Check.positive("bodyGrace", bodyGrace);
      Check.inRange("bodyBytesPerSecondMin", bodyBytesPerSecondMin, 0, Integer.MAX_VALUE);
      Check.positive("writeStall", writeStall);
      Check.positive("keepAliveIdle", keepAliveIdle);
      Check.positive("proxyHeader", proxyHeader);
      Check.positive("tlsHandshake", tlsHandshake);
      Check.positive("localAnswerDrain", localAnswerDrain);
      Check.positive("tunnelIdle", tunnelIdle);
    }

    public static final Deadlines DEFAULT =
        new Deadlines(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            240,
            Duration.ofSeconds(30),
            Duration.ofSeconds(75), // ingress-nginx keep-alive
            Duration.ofSeconds(5), // ingress-nginx proxy-protocol-header-timeout
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofMinutes(60));
  }

  /**
   * Connections of one event loop to one endpoint.
   *
   * @param openMax open at one time, lent or idle; without tunnels
   * @param waitersMax requests that wait for one when all are lent, each at most as long as the
   *     connect timeout; over it: 503 with flag {@code UO}
   * @param idle an unused connection is kept this long
   * @param ageMax a connection is not lent again after this, so that DNS and load balancers in
   *     between get their say
   * @param requestsMax requests over one connection
   * @param failedPause an endpoint whose connect failed is passed over this long, unless all are
   */
  public record Pool(
      int openMax,
      int waitersMax,
      Duration idle,
      Duration ageMax,
      int requestsMax,
      Duration failedPause) {
    public Pool {
      Check.inRange("openMax", openMax, 1, 65_535);
      Check.inRange("waitersMax", waitersMax, 0, 65_535);
      Check.positive("idle", idle);
      Check.positive("ageMax", ageMax);
      Check.inRange("requestsMax", requestsMax, 1, Integer.MAX_VALUE);
      Check.positive("failedPause", failedPause);
    }

    public static final Pool DEFAULT =
        new Pool(
            1_024, 64, Duration.ofSeconds(60), Duration.ofHours(1), 10_000, Duration.ofSeconds(10));
  }

  /**
   * How many of the requests to an upstream an event loop may send a second time; a stale
   * connection's request counts, too. Without a bound the retries of a failing backend's requests
   * would be what kills the rest.
   *
   * @param percentOfRequests earned by every request
   * @param perSecond earned by time, so that a quiet upstream can retry at all
   * @param savedMax what may be saved up: a burst of so many
   */
  public record Retries(int percentOfRequests, int perSecond, int savedMax) {
    public Retries {
      Check.inRange("percentOfRequests", percentOfRequests, 0, 100);
      Check.inRange("perSecond", perSecond, 0, 1_000_000);
      Check.inRange("savedMax", savedMax, 0, 1_000_000);
    }

    public static final Retries DEFAULT = new Retries(20, 10, 100);
  }

  /**
   * The Strict-Transport-Security field (RFC 6797) of hosts that have a certificate.
   *
   * @param maxAge at least zero, in whole seconds
   */
  public record Hsts(Duration maxAge, boolean includeSubdomains, boolean preload) {
    public Hsts {
      Check.notNegative("maxAge", maxAge.toSeconds());
    }

    /** ingress-nginx's default. */
    public static final Hsts DEFAULT = new Hsts(Duration.ofDays(365), true, false);

    /** The field's value. */
    public String value() {
      return "max-age="
          + maxAge.toSeconds()
          + (includeSubdomains ? "; includeSubDomains" : "")
          + (preload ? "; preload" : "");
    }
  }

  /**
   * The redirect from http to https.
   *
   * @param status 301, 302, 303, 307 or 308
   * @param exemptPathPrefixes paths that begin with one of these are served over http: ACME
   *     challenges
   */
  public record HttpsRedirect(int status, List<String> exemptPathPrefixes) {
    public HttpsRedirect {
      Check.inRange("status", status, 301, 308);
      exemptPathPrefixes = List.copyOf(exemptPathPrefixes);
      exemptPathPrefixes.forEach(prefix -> Check.notBlank("exemptPathPrefixes", prefix));
    }

    public static final HttpsRedirect DEFAULT =
        new HttpsRedirect(308, List.of("/.well-known/acme-challenge"));
  }

  /**
   * Proxies and load balancers in front of the gateway.
   *
   * @param belief what is taken from a peer within {@code trusted}; from every other nothing is
   * @param fullChain whether X-Forwarded-For lists every address that was told and the peer's, and
   *     not the client's alone; with {@link Belief#ALL} only
   * @param addressField the field that holds the client's address and those of proxies after it
   * @param hostField the field that holds the host that the client asked for
   * @param proxyProtocol whether every connection begins with a header of the PROXY protocol; of a
   *     peer within {@code trusted} its client is believed
   * @param trusted networks of those proxies
   */
  public record FrontProxies(
      Belief belief,
      boolean fullChain,
      String addressField,
      String hostField,
      boolean proxyProtocol,
      List<Network> trusted) {
    public FrontProxies {
      Check.notBlank("addressField", addressField);
      Check.notBlank("hostField", hostField);
      trusted = List.copyOf(trusted);
    }

    /** Whether the address is that of one of those proxies. */
    public boolean trusts(long addressHigh, long addressLow) {
      return trusted.stream().anyMatch(network -> network.contains(addressHigh, addressLow));
    }

    /** ingress-nginx's default. */
    public static final FrontProxies DEFAULT =
        new FrontProxies(
            Belief.NOTHING,
            false,
            "X-Forwarded-For",
            "X-Forwarded-Host",
            false,
            List.of(Network.of("0.0.0.0/0")));

    /** What a proxy in front is believed. */
    public enum Belief {
      NOTHING,
      /** The client's address. */
      ADDRESS,
      /** The client's address, and the host, scheme and port that it asked for. */
      ALL
    }
  }

  /** Nothing older is offered (RFC 8996). */
  public enum TlsVersions {
    TLS12_AND_13,
    TLS12,
    TLS13;

    /** As JSSE and nginx write them. */
    public List<String> names() {
      return switch (this) {
        case TLS12_AND_13 -> List.of("TLSv1.2", "TLSv1.3");
        case TLS12 -> List.of("TLSv1.2");
        case TLS13 -> List.of("TLSv1.3");
      };
    }
  }

  public static final Settings DEFAULT =
      new Settings(
          Limits.DEFAULT,
          Deadlines.DEFAULT,
          Pool.DEFAULT,
          Retries.DEFAULT,
          Hsts.DEFAULT,
          HttpsRedirect.DEFAULT,
          FrontProxies.DEFAULT,
          TlsVersions.TLS12_AND_13,
          false,
          Map.of());
}
