package dev.penstock.core.tls;

import dev.penstock.model.Settings.TlsVersions;
import dev.penstock.testkit.Ports;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A TLS port on loopback with two event loops; behind TLS it sends back what it gets. */
final class TlsServer implements AutoCloseable {
  private static final int LOOPS = 2;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
  private final Map<EventLoop, Handshakes> handshakes = new ConcurrentHashMap<>();
  private final Channel listener;
  private final TlsContexts contexts = new TlsContexts(List.of("http/1.1"), Runnable::run);
  final List<Channel> secured = new CopyOnWriteArrayList<>();
  final List<String> events = new CopyOnWriteArrayList<>();
  volatile CertificateTable table = CertificateTable.empty(contexts);

  TlsServer(boolean autoRead) {
    listener =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, autoRead)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    Handshakes own =
                        handshakes.computeIfAbsent(channel.eventLoop(), _ -> new Handshakes(500));
                    channel
                        .pipeline()
                        .addLast(
                            new SniChoice(
                                () -> table,
                                own,
                                Duration.ofSeconds(10),
                                TlsVersions.TLS12_AND_13,
                                TlsServer.this::onSecured));
                  }
                })
            .bind(new InetSocketAddress(Ports.loopback(), 0))
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** As the control thread does it: publish, then retire. */
  void swap(TestTables content) {
    CertificateTable before = table;
    table = content.after(before);
    before.retire();
  }

  Handshakes.Totals totals() {
    return Handshakes.total(handshakes.values());
  }

  private void onSecured(Channel channel, String protocol) {
    secured.add(channel);
    events.add("secured " + channel.attr(SniChoice.SERVER_NAME).get() + " " + protocol);
    channel.pipeline().addLast(new Echo());
    if (!channel.config().isAutoRead()) channel.read();
  }

  private final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
      if (!ctx.channel().config().isAutoRead()) ctx.read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof SslCloseCompletionEvent close) events.add("notify " + close.isSuccess());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      events.add("inactive");
    }
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    table.retire();
    contexts.close();
  }
}
