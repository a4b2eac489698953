package dev.penstock.core.host;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;

/**
 * The connections of a small TLS server from their accept to the end of the handshake: before that
 * Vert.x tells nobody of them. At the bound the remote address that has most of them loses the
 * oldest. Any thread.
 */
@Sharable
final class Handshakes extends ChannelInboundHandlerAdapter {
  private final ByAddress<Channel> open = new ByAddress<>();

  /** Of the server; 0 = there is none. */
  private volatile int port;

  /** From now on; other ports of the same host are not looked at. */
  void watch(int port) {
    this.port = port;
  }

  /** By the thread that accepts. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object child) {
    Channel channel = (Channel) child;
    if (channel.localAddress() instanceof InetSocketAddress local && local.getPort() == port) {
      begun(channel);
    }
    context.fireChannelRead(child);
  }

  private void begun(Channel channel) {
    String address = ByAddress.of(channel);
    synchronized (open) {
      String most = open.most();
      if (most != null && open.size() >= PostServer.HANDSHAKES_MAX) {
        Channel oldest = open.oldest(most);
        open.remove(most, oldest);
        oldest.close();
      }
      open.add(address, channel);
    }
    channel.closeFuture().addListener(closed -> ended(channel));
  }

  /** Well or not. */
  void ended(Channel channel) {
    synchronized (open) {
      open.remove(ByAddress.of(channel), channel);
    }
  }
}
