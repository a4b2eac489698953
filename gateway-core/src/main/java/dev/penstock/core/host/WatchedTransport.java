package dev.penstock.core.host;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A transport as it is, but that a handler sees what the servers of Vert.x accept: of themselves
 * they tell of a connection when its TLS handshake is over.
 */
record WatchedTransport(io.vertx.core.transport.Transport choice, ChannelHandler watch)
    implements io.vertx.core.transport.Transport, Transport {
  private Transport real() {
    return choice.implementation();
  }

  @Override
  public void configure(TcpConfig options, boolean isLocal, ServerBootstrap bootstrap) {
    real().configure(options, isLocal, bootstrap);
    bootstrap.handler(watch);
  }

  @Override
  public String name() {
    return choice.name();
  }

  @Override
  public boolean available() {
    return choice.available();
  }

  @Override
  public boolean isAvailable() {
    return real().isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return choice.unavailabilityCause();
  }

  @Override
  public Transport implementation() {
    return this;
  }

  @Override
  public boolean supportsDomainSockets() {
    return real().supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return real().supportFileRegion();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress address) {
    return real().convert(address);
  }

  @Override
  public SocketAddress convert(java.net.SocketAddress address) {
    return real().convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return real().ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ratio) {
    return real().eventLoopGroup(type, threads, factory, ratio);
  }

  @Override
  @SuppressWarnings("deprecation") // Vert.x asks so
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return real().datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return real().datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean isLocal) {
    return real().channelFactory(isLocal);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean isLocal) {
    return real().serverChannelFactory(isLocal);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    real().configure(channel, options);
  }

  @Override
  public void configure(TcpConfig options, boolean isLocal, Bootstrap bootstrap) {
    real().configure(options, isLocal, bootstrap);
  }
}
