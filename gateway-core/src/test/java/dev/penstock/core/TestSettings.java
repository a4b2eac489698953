package dev.penstock.core;

import dev.penstock.model.Network;
import dev.penstock.model.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings with the defaults, of which a test changes what it is about. */
final class TestSettings {
  private int keepAliveRequestsMax = Settings.Limits.DEFAULT.keepAliveRequestsMax();
  private Duration head = Settings.Deadlines.DEFAULT.head();
  private Duration bodyGrace = Settings.Deadlines.DEFAULT.bodyGrace();
  private int bodyBytesPerSecondMin = Settings.Deadlines.DEFAULT.bodyBytesPerSecondMin();
  private Duration writeStall = Settings.Deadlines.DEFAULT.writeStall();
  private Duration keepAliveIdle = Settings.Deadlines.DEFAULT.keepAliveIdle();
  private Duration proxyHeader = Settings.Deadlines.DEFAULT.proxyHeader();
  private Duration tlsHandshake = Settings.Deadlines.DEFAULT.tlsHandshake();
  private Duration tunnelIdle = Settings.Deadlines.DEFAULT.tunnelIdle();
  private int openMax = Settings.Pool.DEFAULT.openMax();
  private int waitersMax = Settings.Pool.DEFAULT.waitersMax();
  private Duration poolIdle = Settings.Pool.DEFAULT.idle();
  private Duration ageMax = Settings.Pool.DEFAULT.ageMax();
  private int requestsMax = Settings.Pool.DEFAULT.requestsMax();
  private Settings.HttpsRedirect httpsRedirect = Settings.HttpsRedirect.DEFAULT;
  private Settings.FrontProxies frontProxies = Settings.FrontProxies.DEFAULT;
  private Settings.TlsVersions tlsVersions = Settings.DEFAULT.tlsVersions();
  private boolean serverTokens;
  private Duration failedPause = Settings.Pool.DEFAULT.failedPause();

  TestSettings headDeadline(Duration value) {
    head = value;
    return this;
  }

  TestSettings bodyRate(Duration grace, int bytesPerSecondMin) {
    bodyGrace = grace;
    bodyBytesPerSecondMin = bytesPerSecondMin;
    return this;
  }

  TestSettings writeStall(Duration value) {
    writeStall = value;
    return this;
  }

  TestSettings keepAliveIdle(Duration value) {
    keepAliveIdle = value;
    return this;
  }

  TestSettings proxyHeader(Duration value) {
    proxyHeader = value;
    return this;
  }

  TestSettings tlsHandshake(Duration value) {
    tlsHandshake = value;
    return this;
  }

  TestSettings tunnelIdle(Duration value) {
    tunnelIdle = value;
    return this;
  }

  TestSettings keepAliveRequestsMax(int value) {
    keepAliveRequestsMax = value;
    return this;
  }

  TestSettings pool(int open, int waiters) {
    openMax = open;
    waitersMax = waiters;
    return this;
  }

  TestSettings poolIdle(Duration value) {
    poolIdle = value;
    return this;
  }

  TestSettings poolAgeMax(Duration value) {
    ageMax = value;
    return this;
  }

  TestSettings poolRequestsMax(int value) {
    requestsMax = value;
    return this;
  }

  TestSettings failedPause(Duration value) {
    failedPause = value;
    return this;
  }

  TestSettings httpsRedirect(Settings.HttpsRedirect value) {
    httpsRedirect = value;
    return this;
  }

  /** Those of this network, with the usual names of fields. */
  TestSettings frontProxies(
      Settings.FrontProxies.Belief belief, boolean proxyProtocol, String network) {
    frontProxies =
        new Settings.FrontProxies(
            belief,
            false,
            "X-Forwarded-For",
            "X-Forwarded-Host",
            proxyProtocol,
            List.of(Network.of(network)));
    return this;
  }

  TestSettings tlsVersions(Settings.TlsVersions value) {
    tlsVersions = value;
    return this;
  }

  TestSettings serverTokens() {
    serverTokens = true;
    return this;
  }

  Settings build() {
    var limits = Settings.Limits.DEFAULT;
    var deadlines = Settings.Deadlines.DEFAULT;
    return new Settings(
        new Settings.Limits(
            limits.requestLineBytesMax(),
            limits.headBytesMax(),
            limits.headFieldsMax(),
            limits.chunkExtensionBytesMax(),
            limits.trailerBytesMax(),
            keepAliveRequestsMax,
            limits.localAnswerDrainBytesMax(),
            limits.handshakesPerLoopMax()),
        new Settings.Deadlines(
            head,
            bodyGrace,
            bodyBytesPerSecondMin,
            writeStall,
            keepAliveIdle,
            proxyHeader,
            tlsHandshake,
            deadlines.localAnswerDrain(),
            tunnelIdle),
        new Settings.Pool(openMax, waitersMax, poolIdle, ageMax, requestsMax, failedPause),
        Settings.Retries.DEFAULT,
        Settings.Hsts.DEFAULT,
        httpsRedirect,
        frontProxies,
        tlsVersions,
        serverTokens,
        Map.of());
  }
}
