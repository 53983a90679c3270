"""Several members in the space of one mailbox: joining it, leaving it, being parted."""
