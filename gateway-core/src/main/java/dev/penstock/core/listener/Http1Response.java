package dev.penstock.core.listener;

import dev.penstock.core.exchange.Downstream;
import dev.penstock.core.exchange.LocalAnswer;
import dev.penstock.core.exchange.Scope;
import dev.penstock.core.http1.Chunks;
import dev.penstock.core.http1.Fields;
import dev.penstock.core.http1.Framing;
import dev.penstock.core.http1.Identity;
import dev.penstock.core.http1.RequestHead;
import dev.penstock.core.http1.ResponseEncoder;
import dev.penstock.core.http1.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of a client's HTTP/1.1 connection: frames answers anew, and ends the connection
 * properly.
 */
final class Http1Response implements Downstream {
  /** Room for a head that the gateway writes itself. */
  private static final int OWN_HEAD_BYTES = 512;

  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Http1Downstream connection;
  private final Channel channel;
  private final ListenerScope listener;
  private final Scope scope;
  private final byte[] remoteAddress;
  private final Identity identity;
  private final ResponseEncoder.Options options = new ResponseEncoder.Options();

  private @Nullable RequestHead request;
  private boolean mayKeepAlive;
  private boolean firstChunk;
  private boolean isReset;
  private long bytesSent;

  Http1Response(
      Http1Downstream connection,
      Channel channel,
      ListenerScope listener,
      Scope scope,
      Client client) {
    this.connection = connection;
    this.channel = channel;
    this.listener = listener;
    this.scope = scope;
    this.remoteAddress = client.address();
    this.identity = new Identity(client.address(), client.scheme(), client.port());
  }

  Channel channel() {
    return channel;
  }

  /** A request begins. */
  void begin(RequestHead head, boolean keepAlive) {
    request = head;
    mayKeepAlive = keepAlive;
    firstChunk = true;
    bytesSent = 0;
  }

  /** Whether the connection outlives the answer that was just written. */
  boolean keepsAlive() {
    return mayKeepAlive && !isReset;
  }

  private boolean mayKeepAliveNow() {
    mayKeepAlive = mayKeepAlive && !scope.published().isDraining();
    return mayKeepAlive;
  }

  private RequestHead request() {
    RequestHead current = request;
    if (current == null) throw new IllegalStateException("no request was begun");
    return current;
  }

  private byte[] server() {
    return scope.published().current().server();
  }

  private void write(ByteBuf out) {
    bytesSent += out.readableBytes();
    channel.write(out, channel.voidPromise());
  }

  // ---- Downstream

  @Override
  public byte[] remoteAddress() {
    return remoteAddress;
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public int publicHttpsPort() {
    return listener.publicHttpsPort;
  }

  @Override
  public boolean isTls() {
    return listener.listener.tls();
  }

  @Override
  public void demand(boolean on) {
    connection.demand(on);
  }

  @Override
  public void sendContinue() {
    channel.writeAndFlush(
        channel.alloc().directBuffer(CONTINUE.length).writeBytes(CONTINUE), channel.voidPromise());
  }

  @Override
  public void sendInformational(ResponseHead head) {
    if (request().http10()) return;
    ByteBuf out = channel.alloc().directBuffer(head.headBytes() + OWN_HEAD_BYTES);
    ResponseEncoder.encodeInformational(out, head);
    write(out);
    channel.flush();
  }

  @Override
  public void sendHead(ResponseHead head, byte @Nullable [] hsts) {
    options.passOn(request(), head, mayKeepAliveNow());
    options.hsts(hsts);
    options.server(server());
    options.date(scope.loop().httpDate());
    mayKeepAlive = options.keepAlive();
    scope.loop().buffers().bound(channel.config());
    // The end of the connection is the end of the answer: until then, only RST may end it.
    if (options.framing() == Framing.UNTIL_CLOSE) linger(0);
    ByteBuf out = channel.alloc().directBuffer(head.headBytes() + OWN_HEAD_BYTES);
    ResponseEncoder.encode(out, head, options);
    write(out);
  }

  @Override
  public void sendData(ByteBuf data) {
    if (!data.isReadable()) {
      data.release();
      return;
    }
    scope.loop().buffers().bound(channel.config());
    if (options.framing() == Framing.CHUNKED) {
      ByteBuf size = channel.alloc().directBuffer(Chunks.HEADER_BYTES_MAX);
      Chunks.header(size, data.readableBytes(), firstChunk);
      firstChunk = false;
      write(size);
    }
    write(data);
  }

  @Override
  public void sendEnd(@Nullable Fields trailers) {
    if (options.framing() == Framing.CHUNKED) {
      ByteBuf end = channel.alloc().directBuffer(OWN_HEAD_BYTES);
      Chunks.last(end, firstChunk, request().acceptsTrailers() ? trailers : null);
      write(end);
    }
    channel.flush();
  }

  @Override
  public int answer(LocalAnswer answer) {
    RequestHead to = request();
    boolean keep = mayKeepAliveNow() && !answer.close() && mayReadOn(to);
    mayKeepAlive = keep;
    String persistence = keep ? to.http10() ? "keep-alive" : "" : "close";
    ByteBuf out = channel.alloc().directBuffer(OWN_HEAD_BYTES);
    int body = ErrorPage.encode(out, answer, to, persistence, scope.loop().httpDate(), server());
    write(out);
    channel.flush();
    return body;
  }

  /**
   * Whether what follows the head can be told apart after an early answer: a client that waits for
   * 100 may send its body or not (RFC 9110 §10.1.1), and a body larger than what is read away is
   * not waited for.
   */
  private boolean mayReadOn(RequestHead to) {
    int drained = scope.published().current().settings().limits().localAnswerDrainBytesMax();
    return !to.expectsContinue()
        && !(to.framing() == Framing.LENGTH && to.contentLength() > drained);
  }

  @Override
  public void upgrade(ResponseHead head) {
    mayKeepAlive = false;
    ByteBuf out = channel.alloc().directBuffer(head.headBytes() + OWN_HEAD_BYTES);
    ResponseEncoder.encodeUpgrade(out, head);
    write(out);
    channel.flush();
    connection.tunnel();
  }

  @Override
  public void sendRaw(ByteBuf data) {
    scope.loop().buffers().bound(channel.config());
    write(data);
  }

  @Override
  public void endRaw() {
    channel.flush();
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public void finished() {
    request = null;
    connection.finished();
  }

  @Override
  public long bytesSent() {
    return bytesSent;
  }

  /**
   * The kernel drops what is unsent and sends RST: no close_notify and no FIN that could pass for
   * an end.
   */
  @Override
  public void reset() {
    isReset = true;
    connection.cut();
    if (!channel.isOpen()) return;
    linger(0);
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  // ---- the end

  /**
   * Closes once everything is written.
   *
   * @param unread only our side, because the client may still be sending
   */
  void close(boolean unread) {
    if (!channel.isActive()) return;
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(done -> {
          if (done.isSuccess() && options.framing() == Framing.UNTIL_CLOSE) linger(-1);
          if (unread) closeOutput();
          else channel.close();
        });
  }

  /** Of the kernel: 0 = drop what is unsent and tell the peer by RST, -1 = send it. */
  private void linger(int seconds) {
    if (channel.isOpen()) channel.config().setOption(ChannelOption.SO_LINGER, seconds);
  }

  private void closeOutput() {
    if (!channel.isActive()) return;
    connection.linger();
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) tls.closeOutbound();
    else if (channel instanceof DuplexChannel duplex) duplex.shutdownOutput();
    else channel.close();
  }
}
