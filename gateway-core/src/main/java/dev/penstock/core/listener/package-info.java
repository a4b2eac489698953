/**
 * Towards the clients: sockets, their pipelines, and HTTP/1.1 connections as the exchange's
 * downstream.
 */
@NullMarked
package dev.penstock.core.listener;

import org.jspecify.annotations.NullMarked;
