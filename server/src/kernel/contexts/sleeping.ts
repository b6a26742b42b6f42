import type { ContextFunction } from '../model';
import { acquire, functions, release } from './effects';

/** Locks under which sleeping is allowed: they matter for traces and for what may be called, not for what may sleep. */
export const SLEEPING_LOCKS: readonly ContextFunction[] = [
  // include/linux/mutex.h, ww_mutex.h, rtmutex.h, local wrappers
  ...functions(
    'mutex_lock mutex_lock_nested mutex_lock_io mutex_lock_io_nested mutex_lock_nest_lock rt_mutex_lock device_lock wiphy_lock',
    'always',
    acquire('mutex', 0),
  ),
  ...functions(
    'mutex_lock_interruptible mutex_lock_interruptible_nested mutex_lock_killable mutex_lock_killable_nested rt_mutex_lock_interruptible ' +
      'ww_mutex_lock ww_mutex_lock_interruptible device_lock_interruptible dma_resv_lock dma_resv_lock_interruptible drm_modeset_lock',
    'zero',
    acquire('mutex', 0),
  ),
  ...functions('mutex_trylock ww_mutex_trylock rt_mutex_trylock device_trylock dma_resv_trylock', 'nonzero', acquire('mutex', 0)),
  ...functions(
    'mutex_unlock ww_mutex_unlock rt_mutex_unlock device_unlock wiphy_unlock dma_resv_unlock drm_modeset_unlock',
    'always',
    release('mutex', 0),
  ),
  ...functions('atomic_dec_and_mutex_lock refcount_dec_and_mutex_lock', 'nonzero', acquire('mutex', 1)),
  ...functions('rtnl_lock', 'always', acquire('mutex')),
  ...functions('rtnl_trylock', 'nonzero', acquire('mutex')),
  ...functions('rtnl_unlock', 'always', release('mutex')),
  // include/linux/rwsem.h, percpu-rwsem.h, fs.h, mmap_lock.h
  ...functions(
    'down_read down_read_nested down_write down_write_nested down_write_nest_lock percpu_down_read percpu_down_write ' +
      'inode_lock inode_lock_shared inode_lock_nested mmap_read_lock mmap_write_lock mmap_write_lock_nested',
    'always',
    acquire('rwsem', 0),
  ),
  ...functions(
    'down_read_interruptible down_read_killable down_write_killable mmap_read_lock_killable mmap_write_lock_killable',
    'zero',
    acquire('rwsem', 0),
  ),
  ...functions(
    'down_read_trylock down_write_trylock percpu_down_read_trylock inode_trylock inode_trylock_shared mmap_read_trylock mmap_write_trylock',
    'nonzero',
    acquire('rwsem', 0),
  ),
  ...functions(
    'up_read up_write percpu_up_read percpu_up_write inode_unlock inode_unlock_shared mmap_read_unlock mmap_write_unlock',
    'always',
    release('rwsem', 0),
  ),
  // include/linux/semaphore.h: down_trylock() answers 0 when it took the semaphore
  ...functions('down', 'always', acquire('semaphore', 0)),
  ...functions('down_interruptible down_killable down_timeout down_trylock', 'zero', acquire('semaphore', 0)),
  ...functions('up', 'always', release('semaphore', 0)),
  // include/net/sock.h
  ...functions('lock_sock lock_sock_nested', 'always', acquire('socket', 0)),
  ...functions('release_sock', 'always', release('socket', 0)),
  // include/linux/pagemap.h
  ...functions('lock_page folio_lock', 'always', acquire('page-lock', 0)),
  ...functions('trylock_page folio_trylock', 'nonzero', acquire('page-lock', 0)),
  ...functions('unlock_page folio_unlock', 'always', release('page-lock', 0)),
];
