package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

const socketPeriod = 200 * time.Millisecond // between two messages

// A WebSocket, and how it went.
type socket struct {
	Peer     string  `json:"peer"`             // which gateway it goes through, as the backend sees it
	Messages int     `json:"messages"`         // that came back
	Closed   float64 `json:"closed,omitempty"` // seconds since 1970; 0 when it was open to the end
	What     string  `json:"what,omitempty"`   // what ended it

	connection net.Conn
	reader     *bufio.Reader
}

func open(address, host string) *socket {
	connection, err := net.DialTimeout("tcp", address, requestMax)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", host)
	reader := bufio.NewReader(connection)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		log.Fatal(err)
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		log.Fatalf("a WebSocket is answered by %s", response.Status)
	}
	return &socket{Peer: response.Header.Get("Peer"), connection: connection, reader: reader}
}

// talk sends a message at a time and waits for it to come back, until stop.
func (s *socket) talk(stop <-chan struct{}) {
	defer s.connection.Close()
	message := append([]byte{0x81, 0x85, 0, 0, 0, 0}, "hello"...) // a text of 5 bytes, masked by 0
	back := make([]byte, len(message))
	for ; ; s.Messages++ {
		select {
		case <-stop:
			return
		case <-time.After(socketPeriod):
		}
		s.connection.SetDeadline(time.Now().Add(requestMax))
		_, err := s.connection.Write(message)
		if err == nil {
			_, err = io.ReadFull(s.reader, back)
		}
		if err == nil && !bytes.Equal(message, back) {
			err = fmt.Errorf("% x came back", back)
		}
		if err != nil {
			s.Closed, s.What = float64(time.Now().UnixMilli())/1000, err.Error()
			return
		}
	}
}
