"""Health certificates that their facility has signed: a QR code that can be believed offline."""
