package dev.penstock.core.tls;

import dev.penstock.model.ParsedKeyMaterial;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslCredentialBuilder;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the server contexts of BoringSSL, all with the same policy: TLS 1.2 and 1.3, the cipher
 * suites of ingress-nginx that BoringSSL has (it has no DHE), the server's order, no renegotiation
 * (BoringSSL has none), no client certificates.
 *
 * <p>No session is resumed: tickets are off as in ingress-nginx, BoringSSL resumes TLS 1.3 by
 * tickets only, and a cache of TLS 1.2 sessions in each of thousands of contexts would be memory
 * without a common bound. Tickets with rotated keys are the way to resumption.
 *
 * <p>The contexts are reference-counted, without finalizers: a context is freed when its table is
 * retired and the last connection that uses it has ended.
 */
public final class TlsContexts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
  private static final String[] PROTOCOLS = {"TLSv1.2", "TLSv1.3"};

  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private final ApplicationProtocolConfig applicationProtocols;
  private final Executor worker;
  private final CompletableFuture<Void> library;
  private final AtomicBoolean isFallbackBegun = new AtomicBoolean();
  private final CompletableFuture<ReferenceCountedOpenSslContext> fallback =
      new CompletableFuture<>();

  /**
   * Begins to load BoringSSL on {@code worker}, beside which the rest of the start can go on.
   *
   * @param applicationProtocols what ALPN offers (RFC 7301), the most wanted first, such as {@code
   *     http/1.1}; a client that offers none of them goes on without
   */
  public TlsContexts(List<String> applicationProtocols, Executor worker) {
    this.applicationProtocols =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            applicationProtocols);
    this.worker = worker;
    library = CompletableFuture.runAsync(TlsContexts::requireBoringSsl, worker);
  }

  /**
   * Waits until BoringSSL is there; to be called before a TLS port is opened.
   *
   * @throws IllegalStateException when BoringSSL cannot be loaded on this machine; the message is
   *     for the operator
   */
  public void awaitReady() {
    try {
      library.join();
    } catch (CompletionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw new IllegalStateException(String.valueOf(cause.getMessage()), failed);
    }
  }

  private static void requireBoringSsl() {
    if (OpenSsl.isAvailable()) return;
    Throwable cause = OpenSsl.unavailabilityCause();
    throw new IllegalStateException(
        "TLS needs BoringSSL, whose native library cannot be loaded here (it needs glibc and a"
            + " java.io.tmpdir that it can be unpacked to): "
            + cause.getMessage(),
        cause);
  }

  /**
   * Begins to make the default certificate, once. It costs 150 ms of processor time, so it is made
   * when the start is through, or when the first client needs it. Any thread.
   */
  public void prepareFallback() {
    if (!isFallbackBegun.compareAndSet(false, true)) return;
    CompletableFuture.supplyAsync(this::makeFallback, worker)
        .whenComplete((made, failed) -> {
          if (failed == null) fallback.complete(made);
          else fallback.completeExceptionally(failed);
        });
  }

  /** Done when {@link #acquireFallback()} has an answer. */
  CompletableFuture<?> fallback() {
    prepareFallback();
    return fallback;
  }

  /** Retained for the caller; null when it could not be made or is given back. */
  @Nullable ReferenceCountedOpenSslContext acquireFallback() {
    prepareFallback();
    if (!fallback.isDone() || fallback.isCompletedExceptionally()) return null;
    try {
      ReferenceCountedOpenSslContext context = fallback.join();
      context.retain();
      return context;
    } catch (IllegalReferenceCountException closed) {
      return null;
    }
  }

  private ReferenceCountedOpenSslContext makeFallback() {
    requireBoringSsl();
    try {
      return make(DefaultCertificate.make(Instant.now()));
    } catch (SSLException | RuntimeException impossible) {
      LOG.error(
          "Clients that ask for an unknown name are refused: no default certificate", impossible);
      throw new IllegalStateException("BoringSSL refuses our own certificate", impossible);
    }
  }

  /**
   * A new context; the caller owns its one reference.
   *
   * @throws SSLException when BoringSSL, which is stricter than the JDK, refuses chain or key
   */
  ReferenceCountedOpenSslContext make(ParsedKeyMaterial material) throws SSLException {
    X509Certificate[] chain = material.chain().toArray(X509Certificate[]::new);
    try {
      // Otherwise a refusal would show in the first handshake, where nobody can report it.
      OpenSslCredentialBuilder.forX509(material.key(), chain).build().release();
      return build(material);
    } catch (SSLException | RuntimeException refused) {
      throw new SSLException("BoringSSL refuses the chain or the key", refused);
    } catch (Exception refused) {
      throw new SSLException("the chain or the key has no form that BoringSSL reads", refused);
    }
  }

  private ReferenceCountedOpenSslContext build(ParsedKeyMaterial material) throws SSLException {
    ReferenceCountedOpenSslContext context =
        (ReferenceCountedOpenSslContext)
            SslContextBuilder.forServer(new SingleKey(material))
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .trustManager(NoClientCertificates.INSTANCE)
                .clientAuth(ClientAuth.NONE)
                .protocols(PROTOCOLS)
                .ciphers(CIPHERS, IdentityCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(applicationProtocols)
                // The key is at hand: a detour by way of a task would only cost a turn of the loop.
                .option(OpenSslContextOption.USE_TASKS, false)
                .build();
    context.sessionContext().setSessionCacheEnabled(false);
    return context;
  }

  /** Gives the default certificate back; connections that use it go on. */
  @Override
  public void close() {
    boolean isMade = !isFallbackBegun.compareAndSet(false, true);
    if (isMade) fallback.thenAccept(ReferenceCountUtil::release);
  }
}
