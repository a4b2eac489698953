package dev.penstock.core.tls;

import dev.penstock.model.Settings.TlsVersions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a TLS connection: reads the ClientHello, takes the context for its name from
 * the table that is current at that moment, and makes room for the TLS handler. When the handshake
 * is through, the caller's pipeline is added; until then nobody else sees the connection.
 *
 * <p>What is no TLS at all is closed, after a plain answer if it looks like an HTTP request (as
 * nginx does): the usual mistake is {@code http://} on this port.
 *
 * <p>How a connection ends: a client's close_notify and a bare end of the stream both arrive as
 * {@code channelInactive}; neither says that a message is complete. On {@code close()} the gateway
 * sends close_notify, does not wait for the client's, and cuts after {@value
 * #CLOSE_NOTIFY_FLUSH_MILLIS} ms if the client does not take it.
 *
 * <p>Works with auto-read on and off. One instance per connection, on its loop.
 */
public final class SniChoice extends AbstractSniHandler<CertificateTable> {
  /** The name that the client asked for, lower case; empty when it named none. */
  public static final AttributeKey<String> SERVER_NAME =
      AttributeKey.valueOf(SniChoice.class, "serverName");

  /** Security policy; honest ones have 200 bytes to 2 KiB. */
  private static final int CLIENT_HELLO_BYTES_MAX = 64 * 1024;

  /** A ClientHello in many records: their headers count, too, so that empty ones do not pile up. */
  private static final int RECORD_BYTES_MAX = 2 * CLIENT_HELLO_BYTES_MAX;

  /** RFC 1035 §2.3.4; a longer name is no host of ours and is not kept. */
  private static final int NAME_CHARS_MAX = 255;

  /** A peer that never reads must not hold a connection that we have closed. */
  static final int CLOSE_NOTIFY_FLUSH_MILLIS = 3_000;

  /** Each look finds a table that was current when it began; two swaps within one are rare. */
  private static final int LOOKS_MAX = 16;

  private static final String PAGE =
      "This port speaks HTTPS. Use https:// in front of the address.\n";

  private static final byte[] PLAIN_HTTP_ANSWER =
      ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
              + PAGE.length()
              + "\r\nConnection: close\r\n\r\n"
              + PAGE)
          .getBytes(StandardCharsets.US_ASCII);

  /** A fatal alert decode_error in a record of TLS 1.2 (RFC 8446 §6.2). */
  private static final byte[] DECODE_ERROR = {21, 3, 3, 0, 2, 2, 50};

  private final Supplier<CertificateTable> tables;
  private final TlsVersions versions;
  private final HandshakeWatch watch;
  private boolean isDone;

  /** Adds what comes behind TLS. */
  @FunctionalInterface
  public interface Secured {
    /**
     * Called on the connection's loop after the handshake and before the first decrypted byte.
     *
     * @param applicationProtocol what ALPN chose, such as {@code http/1.1}; empty when the client
     *     offered nothing that we have
     */
    void onSecured(Channel channel, String applicationProtocol);
  }

  /**
   * @param tables the current table; asked once for each handshake, and again when that table was
   *     retired in between
   * @param handshakes those of the connection's loop
   * @param timeout from the accepted connection to the end of the handshake
   * @param versions that the client may use
   */
  public SniChoice(
      Supplier<CertificateTable> tables,
      Handshakes handshakes,
      Duration timeout,
      TlsVersions versions,
      Secured secured) {
    super(CLIENT_HELLO_BYTES_MAX, 0); // the watch holds the deadline
    this.tables = tables;
    this.versions = versions;
    this.watch = new HandshakeWatch(handshakes, timeout, secured);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    ctx.pipeline().addAfter(ctx.name(), null, watch);
    if (ctx.channel().isActive()) readFirst(ctx);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    readFirst(ctx);
  }

  private static void readFirst(ChannelHandlerContext ctx) {
    if (!ctx.channel().config().isAutoRead()) ctx.read();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (isDone) {
      in.skipBytes(in.readableBytes());
      return;
    }
    byte first = in.getByte(in.readerIndex());
    if (first >= 'A' && first <= 'Z') {
      refuse(ctx, in, PLAIN_HTTP_ANSWER, HandshakeFailure.NOT_TLS);
    } else if (in.readableBytes() > RECORD_BYTES_MAX) {
      refuse(ctx, in, DECODE_ERROR, HandshakeFailure.PROTOCOL);
    } else {
      super.decode(ctx, in, out);
    }
  }

  /** Says one thing and closes. */
  private void refuse(ChannelHandlerContext ctx, ByteBuf in, byte[] answer, HandshakeFailure why) {
    isDone = true;
    in.skipBytes(in.readableBytes());
    watch.fail(why);
    ctx.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  protected Future<CertificateTable> lookup(
      ChannelHandlerContext ctx, @Nullable String serverName) {
    String name = normal(serverName);
    ctx.channel().attr(SERVER_NAME).set(name);
    CertificateTable table = tables.get();
    boolean needsDefault = table.missOf(name) == CertificateTable.Miss.UNKNOWN;
    if (!needsDefault) return ctx.executor().newSucceededFuture(table);
    var fallback = table.contexts().fallback();
    if (fallback.isDone()) return ctx.executor().newSucceededFuture(table);
    // Only in the first moments of the process.
    Promise<CertificateTable> later = ctx.executor().newPromise();
    fallback.whenComplete((_, _) -> later.trySuccess(table));
    return later;
  }

  private static String normal(@Nullable String serverName) {
    if (serverName == null || serverName.length() > NAME_CHARS_MAX) return "";
    return serverName.endsWith(".") ? serverName.substring(0, serverName.length() - 1) : serverName;
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext ctx, @Nullable String serverName, Future<CertificateTable> looked) {
    isDone = true;
    if (ctx.isRemoved() || !ctx.channel().isActive()) return;
    ReferenceCountedOpenSslContext context = watch.begin(ctx) ? acquire(normal(serverName)) : null;
    if (context == null) {
      watch.fail(HandshakeFailure.PROTOCOL);
      ctx.close();
      return;
    }
    SslHandler tls;
    try {
      tls = context.newHandler(ctx.alloc()); // its engine keeps the context
    } finally {
      context.release();
    }
    if (versions != TlsVersions.TLS12_AND_13) { // else as the context has it
      tls.engine().setEnabledProtocols(versions.names().toArray(String[]::new));
    }
    tls.setHandshakeTimeoutMillis(0); // the watch holds the deadline
    tls.setCloseNotifyFlushTimeout(CLOSE_NOTIFY_FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    tls.setCloseNotifyReadTimeoutMillis(0);
    replaceBy(tls, ctx);
  }

  private void replaceBy(SslHandler tls, ChannelHandlerContext ctx) {
    boolean isReplaced = false;
    try {
      ctx.pipeline().replace(this, SslHandler.class.getName(), tls);
      isReplaced = true;
    } finally {
      if (!isReplaced) ReferenceCountUtil.safeRelease(tls.engine());
    }
  }

  private @Nullable ReferenceCountedOpenSslContext acquire(String serverName) {
    for (int look = 0; look < LOOKS_MAX; look++) {
      CertificateTable table = tables.get();
      ReferenceCountedOpenSslContext context = table.acquire(serverName);
      if (context != null) return context;
      if (table.missOf(serverName) == CertificateTable.Miss.UNKNOWN) {
        return table.contexts().acquireFallback();
      }
    }
    return null;
  }
}
